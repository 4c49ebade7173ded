import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { ROLES, type Role } from '../database.ts';
import { AppError } from '../errors.ts';
import type { AppEnvironment } from './app-environment.ts';
import { actingFor } from './current-caller.ts';

export interface Caller {
  /** Id of the API key. */
  readonly id: string;
  readonly role: Role;
}

export interface AccessOptions {
  /** False as long as there is no key and none is required: then everybody may do everything. */
  readonly keysNeeded: () => boolean;
  /** Whose key it is. */
  readonly identify: (key: string) => Caller | null;
  /** How many calls one key may make. */
  readonly callLimit: RateLimiterAbstract;
}

const ANYBODY: Caller = { id: 'anybody', role: 'admin' };

/**
 * Lets in who has a key, as often as its limit allows. Reading takes a viewer, anything else at least an analyst. With
 * `onlyReads`, no method changes anything: the protocol behind it posts its questions.
 */
export function checkAccess(options: AccessOptions, onlyReads = false) {
  const { keysNeeded, identify } = options;
  return createMiddleware<AppEnvironment>(async (c, next) => {
    if (!keysNeeded()) {
      c.set('caller', ANYBODY);
      return actingFor(ANYBODY.id, next);
    }
    const caller = identify(presentedKey(c));
    if (!caller) throw unauthorized(c);
    c.set('caller', caller);
    await countCall(options, caller);
    if (!onlyReads && !isReading(c.req.method)) assertRole('analyst', caller);
    return actingFor(caller.id, next);
  });
}

/** Who opens a socket, which browsers cannot give a header: null until its first message says so. */
export function callerOfSocket({ keysNeeded, identify }: AccessOptions, c: Context): Caller | null {
  return keysNeeded() ? identify(presentedKey(c)) : ANYBODY;
}

/** The same for a key that comes in a message; it counts as a call. Throws `unauthorized` and `too_many_requests`. */
export async function signIn(options: AccessOptions, key: string): Promise<Caller> {
  const caller = options.identify(key);
  if (!caller)
    throw new AppError(
      'unauthorized',
      'This API key is not known here, or was revoked. "sonde keys create" makes one.',
    );
  await countCall(options, caller);
  return caller;
}

/** A message of a socket is a call like any other. Throws `too_many_requests`. */
export async function countCall({ keysNeeded, callLimit }: AccessOptions, { id }: Caller): Promise<void> {
  if (!keysNeeded()) return;
  try {
    await callLimit.consume(id);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
    throw new AppError(
      'too_many_requests',
      `The key ${id} has made its ${callLimit.points} calls of this minute. Try again in ${seconds} s, or raise CALLS_PER_MINUTE_MAX.`,
      { retryAfterS: seconds },
    );
  }
}

/** For a route that takes more than reading or changing does by itself. */
export function requireRole(role: Role) {
  return createMiddleware<AppEnvironment>((c, next) => {
    assertRole(role, c.get('caller'));
    return next();
  });
}

export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function presentedKey(c: Context): string {
  const bearer = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
  return bearer ?? c.req.header('x-api-key') ?? '';
}

function unauthorized(c: Context): AppError {
  c.header('www-authenticate', 'Bearer realm="sonde"');
  const reason = presentedKey(c)
    ? 'This API key is not known here, or was revoked'
    : 'This takes an API key, as "Authorization: Bearer ..." or "X-API-Key: ..."';
  return new AppError('unauthorized', `${reason}. "sonde keys create" makes one.`);
}

/** Throws `forbidden`. */
export function assertRole(role: Role, caller: Caller): void {
  if (ROLES.indexOf(caller.role) >= ROLES.indexOf(role)) return;
  throw new AppError(
    'forbidden',
    `This takes the role ${role}; the key ${caller.id} has the role ${caller.role}. Use a key with more rights.`,
  );
}
