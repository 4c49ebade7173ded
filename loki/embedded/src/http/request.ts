import type { IncomingMessage } from 'node:http';
import { badRequest } from '../errors.ts';
import type { BodyReader } from './body-reader.ts';

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
  bodies: BodyReader,
): Promise<LokiRequest> {
  const url = new URL(message.url ?? '/', 'http://localhost');
  const method = message.method ?? 'GET';
  const parameters = url.searchParams;
  const isForm =
    method === 'POST' &&
    (message.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  if (isForm) {
    const form = new URLSearchParams((await bodies.read(message)).toString());
    for (const [name, value] of form) parameters.append(name, value);
  }
  return {
    method,
    path: url.pathname.replace(/(.)\/+$/, '$1'),
    headers: message.headers,
    parameters,
    tenants: tenantsOf(message),
    signal,
    body: () => bodies.read(message),
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
