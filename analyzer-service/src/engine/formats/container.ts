import { NO_FIELDS, type ParsedLine } from './parsed-line.ts';
import { readTimestamp, type DateOptions } from './timestamp.ts';

/** The line inside what a container runtime or compose puts before it; null when there is no such wrapping. */
export function unwrapContainerLine(text: string, options: DateOptions): ParsedLine | null {
  const code = text.charCodeAt(0);
  if (code >= 48 && code <= 57) {
    const groups = RUNTIME.exec(text);
    const message = groups === null ? '' : text.slice(groups[0].length);
    if (groups !== null) return { ...NOTHING, instant: readTimestamp(text, 0, options), message };
  }
  const bar = text.indexOf(' | ');
  if (bar === -1 || bar > 64) return null;
  const groups = COMPOSE.exec(text);
  return groups === null
    ? null
    : { ...NOTHING, service: groups[1] ?? '', message: text.slice(groups[0].length) };
}

/** Kubernetes' container runtime interface: time, stream, full or partial. */
const RUNTIME = /^\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:\d\d) (?:stdout|stderr) [FP] /;
/** `docker compose logs`: container name, padding, bar. */
const COMPOSE = /^([a-z][\w.-]{0,60}) {1,40}\| /;
const NOTHING = { instant: null, level: 'unknown', service: '', component: '', fields: NO_FIELDS } as const;
