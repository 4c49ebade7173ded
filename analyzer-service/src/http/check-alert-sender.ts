import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Caller } from './access.ts';
import type { AppEnvironment } from './app-environment.ts';

export interface AlertSenderOptions {
  /** Name and password of basic authentication; undefined when that is not set up. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** The secret that Grafana signs with; undefined when that is not set up. */
  readonly hmacSecret?: string | undefined;
  readonly signatureHeader: string;
  readonly timestampHeader: string;
  readonly nowMs: () => number;
}

const SENDER: Caller = { id: 'alerts', role: 'analyst' };
const CLOCKS_APART_MS_MAX = 5 * 60_000;

/**
 * Lets in who sends alerts with basic authentication or Grafana's signature; everybody else by `otherwise`, which asks
 * for a key. Grafana signs the body, or "timestamp:body" where it also sends a timestamp in seconds:
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export function checkAlertSender(
  options: AlertSenderOptions,
  otherwise: MiddlewareHandler<AppEnvironment>,
): MiddlewareHandler<AppEnvironment> {
  return createMiddleware<AppEnvironment>(async (c, next) => {
    const signature = c.req.header(options.signatureHeader);
    const known =
      isUser(options, c.req.header('authorization')) ||
      (options.hmacSecret !== undefined &&
        signature !== undefined &&
        isSigned(options, {
          signature,
          timestamp: c.req.header(options.timestampHeader),
          body: await c.req.text(),
        }));
    if (!known) return otherwise(c, next);
    c.set('caller', SENDER);
    return next();
  });
}

function isUser({ user, password }: AlertSenderOptions, header: string | undefined): boolean {
  const given = /^Basic +([\w+/=-]+) *$/i.exec(header ?? '')?.[1];
  if (!given || !user || !password) return false;
  return isEqual(Buffer.from(given, 'base64').toString('utf8'), `${user}:${password}`);
}

function isSigned(
  { hmacSecret = '', nowMs }: AlertSenderOptions,
  given: { readonly signature: string; readonly timestamp: string | undefined; readonly body: string },
): boolean {
  const { signature, timestamp, body } = given;
  if (timestamp !== undefined && !(Math.abs(Number(timestamp) * 1_000 - nowMs()) <= CLOCKS_APART_MS_MAX))
    return false;
  const signed = timestamp === undefined ? body : `${timestamp}:${body}`;
  return isEqual(
    signature.trim().toLowerCase(),
    createHmac('sha256', hmacSecret).update(signed).digest('hex'),
  );
}

/** Takes the same time whatever differs. */
function isEqual(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
