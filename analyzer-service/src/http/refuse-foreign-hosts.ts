import { createMiddleware } from 'hono/factory';
import { AppError } from '../errors.ts';
import type { AppEnvironment } from './app-environment.ts';

export interface HostOptions {
  /** True while whoever reaches this machine's loopback may read the logs. */
  readonly isOpenOnLoopback: () => boolean;
  /** Names besides those of loopback. */
  readonly allowed: readonly string[];
}

const LOOPBACK = /^(localhost|[\w.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * A web page can give its own name the address 127.0.0.1 (DNS rebinding) and then read what is open there: the browser
 * takes both for one origin. Only the Host that it sends tells them apart.
 */
export function refuseForeignHosts({ isOpenOnLoopback, allowed }: HostOptions) {
  return createMiddleware<AppEnvironment>((c, next) => {
    const { hostname } = new URL(c.req.url);
    if (!isOpenOnLoopback() || LOOPBACK.test(hostname) || allowed.includes(hostname)) return next();
    throw new AppError(
      'forbidden',
      `Without API keys this answers to names of this machine only, not to ${hostname.slice(0, 100)}. Ask by localhost, name it in ALLOWED_HOSTS if it is yours, or make a key with "sonde keys create".`,
    );
  });
}

/** Whether a service that listens on this address is reached from its own machine only. */
export function isLoopback(host: string): boolean {
  return ['127.0.0.1', 'localhost', '::1'].includes(host);
}
