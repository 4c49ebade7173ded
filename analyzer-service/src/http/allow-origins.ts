import { cors } from 'hono/cors';

/** Web pages of these origins may call the API from a browser. Keys travel in headers; there are no cookies. */
export function allowOrigins(origins: readonly string[]) {
  return cors({
    origin: [...origins],
    allowHeaders: ['authorization', 'x-api-key', 'content-type'],
    exposeHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  });
}
