import type { Hop, Request } from '../request.ts';
import type { ServiceName } from '../sample-line.ts';
import { plainTime } from '../time-format.ts';

/**
 * PostgreSQL that logs every statement with its duration. Answers whether the statement went well; a write fails
 * when the disk is full.
 */
export function queryDatabase(request: Request, user: ServiceName, statement: string): boolean {
  const hop = request.enter('database');
  request.pass(2.4 * request.conditions.databaseSlowdown, 0.5);
  const isWrite = !statement.startsWith('SELECT');
  if (isWrite && request.random.chance(request.conditions.databaseDiskFull)) {
    refuseWrite(request, hop, user, statement);
    return false;
  }
  const tookMs = (request.timeMs - hop.startMs).toFixed(3);
  request.log(
    hop,
    'info',
    `${prefix(request, user)} LOG:  duration: ${tookMs} ms  execute <unnamed>: ${statement}`,
  );
  if (isWrite && request.random.chance(0.0008)) {
    request.log(
      hop,
      'warn',
      `${prefix(request, user)} WARNING:  there is no transaction in progress\n\tSTATEMENT:  COMMIT`,
    );
  }
  return true;
}

function refuseWrite(request: Request, hop: Hop, user: ServiceName, statement: string): void {
  const file = `base/16384/${request.random.integer(16_400, 16_460)}`;
  request.log(
    hop,
    'error',
    `${prefix(request, user)} ERROR:  could not extend file "${file}": No space left on device\n\tHINT:  Check free disk space.\n\tSTATEMENT:  ${statement}`,
  );
}

function prefix(request: Request, user: ServiceName): string {
  return `${plainTime(request.timeMs)} UTC [${request.random.integer(2000, 2080)}] ${user}@shop`;
}
