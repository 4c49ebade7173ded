import type { Hop, Request } from '../request.ts';
import type { SampleLevel, ServiceName } from '../sample-line.ts';
import { isoTime } from '../time-format.ts';

/** The shop's own backend, Node with JSON lines: it serves every page and calls the other services. */
export function api(request: Request, method: string, route: string, work: (hop: Hop) => number): number {
  const hop = request.enter('api');
  request.pass(0.6);
  if (request.random.chance(request.conditions.apiOverload)) return shed(request, hop, route);
  writeApi(request, hop, 'info', 'request received', `,"method":"${method}","route":"${route}"`);
  const status = work(hop);
  request.pass(1.2);
  const level = status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info';
  const message = status >= 500 ? 'request failed' : status >= 400 ? 'request rejected' : 'request completed';
  const tookMs = (request.timeMs - hop.startMs).toFixed(1);
  writeApi(
    request,
    hop,
    level,
    message,
    `,"method":"${method}","route":"${route}","status":${status},"duration_ms":${tookMs}`,
  );
  return status;
}

/**
 * Calls a service as the api does: a deadline for each attempt, and a second attempt after the first ran out of
 * time. The callee does not notice that nobody waits any more and goes on, as in real shops.
 */
export function callUpstream(
  request: Request,
  hop: Hop,
  upstream: ServiceName,
  deadlineMs: number,
  call: () => number,
): number {
  for (let attempt = 1; attempt <= 2; attempt++) {
    const calledMs = request.timeMs;
    const status = call();
    if (request.timeMs - calledMs <= deadlineMs) {
      if (status >= 500) {
        writeApi(
          request,
          hop,
          'error',
          `${upstream} answered with an error`,
          `,"upstream":"${upstream}","status":${status}`,
        );
      }
      return status >= 500 ? 502 : status;
    }
    request.timeMs = calledMs + deadlineMs;
    const detail = `,"upstream":"${upstream}","attempt":${attempt},"deadline_ms":${deadlineMs}`;
    if (attempt === 1) writeApi(request, hop, 'warn', `call to ${upstream} timed out, trying again`, detail);
    else writeApi(request, hop, 'error', `call to ${upstream} timed out`, detail);
    request.pass(40);
  }
  return 504;
}

export function writeApi(
  request: Request,
  hop: Hop,
  level: SampleLevel,
  message: string,
  detail: string,
): void {
  request.log(
    hop,
    level,
    `{"time":"${isoTime(request.timeMs)}","level":"${level}","msg":"${message}"${detail},"correlation_id":"${request.correlationId}"}`,
  );
}

function shed(request: Request, hop: Hop, route: string): number {
  request.pass(1800, 0.2);
  const waiting = request.random.integer(180, 256);
  writeApi(
    request,
    hop,
    'error',
    'no free request slot, request refused',
    `,"route":"${route}","slots":256,"waiting":${waiting}`,
  );
  return request.random.chance(0.5) ? 503 : 504;
}
