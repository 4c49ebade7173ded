import type { Hop, Request } from '../request.ts';
import type { SampleLevel } from '../sample-line.ts';
import { isoTime } from '../time-format.ts';
import { queryDatabase } from './database.ts';

/** Logins and tokens, Python with structlog: JSON with `event` for the message and `timestamp` for the time. */
export function verifyToken(request: Request): number {
  const hop = request.enter('auth');
  request.pass(1.8);
  if (request.random.chance(0.004)) {
    writeAuth(request, hop, 'warning', 'token expired', `, "user": "${userName(request)}"`);
    return 401;
  }
  writeAuth(
    request,
    hop,
    'info',
    'token verified',
    `, "user": "${userName(request)}", "duration_ms": ${since(request, hop)}`,
  );
  return 200;
}

export function logIn(request: Request, client: string): number {
  const hop = request.enter('auth');
  const user = userName(request);
  request.pass(2);
  if (!queryDatabase(request, 'auth', 'SELECT id, password_hash FROM users WHERE name = $1')) return 500;
  // Hashing a password takes its time on purpose.
  request.pass(55, 0.15);
  if (request.random.chance(0.04)) {
    refuseLogin(request, hop, user, client, 0.25);
    return 401;
  }
  if (!queryDatabase(request, 'auth', 'INSERT INTO sessions (user_id, token_hash) VALUES ($1, $2)')) {
    writeAuth(
      request,
      hop,
      'error',
      'session could not be stored',
      `, "user": "${user}", "error": "could not write to the session table"`,
    );
    return 500;
  }
  writeAuth(
    request,
    hop,
    'info',
    'login succeeded',
    `, "user": "${user}", "client_ip": "${client}", "duration_ms": ${since(request, hop)}`,
  );
  return 200;
}

/** A guess of an attacker: names from a stolen list, nearly always wrong. */
export function attackLogin(request: Request, client: string): number {
  const hop = request.enter('auth');
  const user = userName(request);
  request.pass(2);
  if (!queryDatabase(request, 'auth', 'SELECT id, password_hash FROM users WHERE name = $1')) return 500;
  request.pass(55, 0.15);
  refuseLogin(request, hop, user, client, 0.7);
  if (!request.random.chance(0.12)) return 401;
  const failures = request.random.integer(10, 40);
  writeAuth(
    request,
    hop,
    'warning',
    'account locked',
    `, "user": "${user}", "failures": ${failures}, "client_ip": "${client}", "note": "too many failed login attempts"`,
  );
  return 429;
}

function refuseLogin(request: Request, hop: Hop, user: string, client: string, unknownShare: number): void {
  const reason = request.random.chance(unknownShare) ? 'unknown user' : 'wrong password';
  const detail = `, "user": "${user}", "client_ip": "${client}", "reason": "${reason}"`;
  writeAuth(request, hop, 'warning', 'login failed', detail);
}

function writeAuth(
  request: Request,
  hop: Hop,
  level: 'info' | 'warning' | 'error',
  event: string,
  detail: string,
): void {
  const label: SampleLevel = level === 'warning' ? 'warn' : level;
  request.log(
    hop,
    label,
    `{"event": "${event}"${detail}, "correlation_id": "${request.correlationId}", "logger": "auth", "level": "${level}", "timestamp": "${isoTime(request.timeMs)}"}`,
  );
}

function userName(request: Request): string {
  return `u${request.random.integer(10_000, 99_999)}`;
}

function since(request: Request, hop: Hop): string {
  return (request.timeMs - hop.startMs).toFixed(1);
}
