import { EMPTY, Observable, defer, lastValueFrom, map, mergeMap } from 'rxjs';
import type { BackendSrv, BackendSrvRequest, FetchError, FetchResponse } from '@grafana/runtime';
import { readKey, saveSettings } from './previewSettings';

/** Grafana's way to its server, on the browser's fetch: the analyzer takes the place of the plugin proxy. */
export class HostBackendSrv implements BackendSrv {
  fetch<T>(options: BackendSrvRequest): Observable<FetchResponse<T>> {
    return defer(() => answerOf<T>(options));
  }

  chunked(options: BackendSrvRequest): Observable<FetchResponse<Uint8Array | undefined>> {
    return defer(() => send(options)).pipe(
      mergeMap((response) => chunksOf(response).pipe(map((chunk) => describe(response, chunk, options)))),
    );
  }

  datasourceRequest = (options: BackendSrvRequest) => lastValueFrom(this.fetch<never>(options));

  get = <T>(
    url: string,
    params?: BackendSrvRequest['params'],
    _?: string,
    options?: Partial<BackendSrvRequest>,
  ) => this.data<T>({ ...options, url, params, method: 'GET' });
  delete = <T>(url: string, data?: unknown, options?: Partial<BackendSrvRequest>) =>
    this.data<T>({ ...options, url, data, method: 'DELETE' });
  post = <T>(url: string, data?: unknown, options?: Partial<BackendSrvRequest>) =>
    this.data<T>({ ...options, url, data, method: 'POST' });
  patch = <T>(url: string, data?: unknown, options?: Partial<BackendSrvRequest>) =>
    this.data<T>({ ...options, url, data, method: 'PATCH' });
  put = <T>(url: string, data?: unknown, options?: Partial<BackendSrvRequest>) =>
    this.data<T>({ ...options, url, data, method: 'PUT' });
  request = <T>(options: BackendSrvRequest) => this.data<T>(options);

  private async data<T>(options: BackendSrvRequest): Promise<T> {
    return (await lastValueFrom(this.fetch<T>(options))).data;
  }
}

async function answerOf<T>(options: BackendSrvRequest): Promise<FetchResponse<T>> {
  if (options.method === 'POST' && /^\/api\/plugins\/[\w-]+\/settings$/.test(options.url)) {
    saveSettings(options.data);
    return describe(new Response(), {} as T, options);
  }
  const response = await send(options);
  try {
    return describe(response, (await readBody(response, options)) as T, options);
  } catch (error) {
    throw notAnswered(error, options);
  }
}

/** Throws a FetchError unless the answer is a good one. */
async function send(options: BackendSrvRequest): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(withParams(options), requestOf(options));
  } catch (error) {
    throw notAnswered(error, options);
  }
  if (response.ok) {
    return response;
  }
  const { status, statusText } = response;
  throw asError({ status, statusText, data: await readBody(response, {}) }, options);
}

function notAnswered(error: unknown, options: BackendSrvRequest): FetchError {
  const cancelled = options.abortSignal?.aborted ?? false;
  return asError({ status: 0, statusText: (error as Error).message, data: {}, cancelled }, options);
}

function requestOf({ method, data, headers, abortSignal }: BackendSrvRequest): RequestInit {
  const key = readKey();
  const isForm = data instanceof FormData || data instanceof Blob || typeof data === 'string';
  const sent: Record<string, string> = { ...headers };
  if (data !== undefined && !isForm) {
    sent['content-type'] ??= 'application/json';
  }
  if (key) {
    sent['x-api-key'] = key;
  }
  const body = data === undefined || isForm ? (data as BodyInit | undefined) : JSON.stringify(data);
  return { method: method ?? 'GET', headers: sent, body, signal: abortSignal ?? null };
}

function withParams({ url, params }: BackendSrvRequest): string {
  const given = Object.entries((params ?? {}) as Record<string, unknown>).filter(
    ([, value]) => value !== undefined,
  );
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return search ? `${url}${url.includes('?') ? '&' : '?'}${search}` : url;
}

async function readBody(response: Response, { responseType }: Partial<BackendSrvRequest>): Promise<unknown> {
  if (responseType === 'blob' && response.ok) {
    return response.blob();
  }
  if (responseType === 'arraybuffer' && response.ok) {
    return response.arrayBuffer();
  }
  const text = await response.text();
  if (responseType === 'text') {
    return text;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function chunksOf(response: Response): Observable<Uint8Array> {
  const { body } = response;
  if (!body) {
    return EMPTY;
  }
  return new Observable((subscriber) => {
    const reader = body.getReader();
    const read = async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) {
          return subscriber.complete();
        }
        subscriber.next(value);
      }
    };
    read().catch((error: unknown) => subscriber.error(error));
    return () => void reader.cancel().catch(() => undefined);
  });
}

function describe<T>(response: Response, data: T, config: BackendSrvRequest): FetchResponse<T> {
  const { status, statusText, ok, headers, redirected, type, url } = response;
  return { data, status, statusText, ok, headers, redirected, type, url, config };
}

function asError(
  answer: { status: number; statusText: string; data: unknown; cancelled?: boolean },
  config: BackendSrvRequest,
): FetchError {
  const { status, statusText, data, cancelled } = answer;
  return { status, statusText, data, cancelled, config };
}
