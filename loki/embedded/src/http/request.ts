import type { IncomingMessage } from 'node:http';
import { createGunzip, createInflate } from 'node:zlib';
import type { Readable } from 'node:stream';
import { badRequest, LokiError } from '../errors.ts';

const DEFAULT_TENANT = 'fake';

/** One HTTP request as the endpoints see it. */
export type LokiRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Of the URL and, for POST, of a form in the body. */
  readonly parameters: URLSearchParams;
  readonly tenants: readonly string[];
  /** Fires when the client has gone away. */
  readonly signal: AbortSignal;
  /** The body, decompressed. */
  readonly body: () => Promise<Buffer>;
};

export async function readRequest(
  message: IncomingMessage,
  signal: AbortSignal,
  bodyBytesMax: number,
): Promise<LokiRequest> {
  const url = new URL(message.url ?? '/', 'http://localhost');
  const method = message.method ?? 'GET';
  const parameters = url.searchParams;
  const isForm =
    method === 'POST' &&
    (message.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  if (isForm) {
    const form = new URLSearchParams((await readBody(message, bodyBytesMax)).toString());
    for (const [name, value] of form) parameters.append(name, value);
  }
  return {
    method,
    path: url.pathname.replace(/(.)\/+$/, '$1'),
    headers: message.headers,
    parameters,
    tenants: tenantsOf(message),
    signal,
    body: () => readBody(message, bodyBytesMax),
  };
}

/** `X-Scope-OrgID: a|b` names tenants; without it there is a single one. */
export function tenantsOf(message: IncomingMessage): string[] {
  const header = message.headers['x-scope-orgid'];
  if (typeof header !== 'string' || header === '') return [DEFAULT_TENANT];
  const tenants = [...new Set(header.split('|').map((tenant) => tenant.trim()))].filter(
    (tenant) => tenant !== '',
  );
  for (const tenant of tenants)
    if (tenant.length > 150 || !/^[\w!.*'()-]+$/.test(tenant) || tenant === '.' || tenant === '..')
      throw badRequest(`tenant ID '${tenant.slice(0, 50)}' contains unsupported characters or is too long`);
  return tenants.length === 0 ? [DEFAULT_TENANT] : tenants;
}

function readBody(message: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const tooLarge = (): LokiError =>
    new LokiError(413, `the request body is larger than ${bytesMax} bytes: send smaller batches`);
  if (Number(message.headers['content-length'] ?? 0) > bytesMax) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stream = decompressed(message);
    const fail = (error: Error): void => {
      stream.removeAllListeners('data');
      message.resume();
      reject(error);
    };
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytesMax) fail(tooLarge());
      else chunks.push(chunk);
    });
    stream.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    stream.on('error', (cause) =>
      fail(new LokiError(400, `the request body cannot be read: ${cause.message}`, { cause })),
    );
    message.on('aborted', () => reject(badRequest('the client went away')));
  });
}

function decompressed(message: IncomingMessage): Readable {
  switch (message.headers['content-encoding'] ?? '') {
    case '':
    case 'identity':
    case 'snappy':
      return message;
    case 'gzip':
      return message.pipe(createGunzip());
    case 'deflate':
      return message.pipe(createInflate());
    default:
      throw badRequest(
        `Content-Encoding "${message.headers['content-encoding']}" not supported: send gzip, deflate or none`,
      );
  }
}
