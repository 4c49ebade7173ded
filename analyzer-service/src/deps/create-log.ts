import { type Logger, pino } from 'pino';
import type { Config } from '../config.ts';
import type { RingLog } from '../features/service-log/ring-log.ts';

/** To standard output from LOG_LEVEL on; what the service tells about itself begins with "info" in any case. */
export function createLog(level: Config['LOG_LEVEL'], ring: RingLog): Logger {
  if (level === 'silent') return pino({ level });
  const lowest = level === 'debug' ? 'debug' : 'info';
  return pino(
    { level: lowest },
    pino.multistream([
      { level, stream: pino.destination(1) },
      { level: lowest, stream: ring },
    ]),
  );
}
