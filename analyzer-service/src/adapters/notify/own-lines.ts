import { OWN_SERVICE } from '../../engine/logql/selector.ts';
import type { WriteOwnLines } from '../../ports.ts';
import { postJson } from './post-json.ts';

export interface OwnLinesOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceLabel: string;
  readonly timeoutMs: number;
}

/** Writes Sonde's own lines to Loki, as the service `sonde` and by their kind, so that they can be queried. */
export function ownLines({ url, headers, serviceLabel, timeoutMs }: OwnLinesOptions): WriteOwnLines {
  return async (kind, lines, signal) => {
    const stream = { service_name: OWN_SERVICE, [serviceLabel]: OWN_SERVICE, kind };
    const values = lines.map(({ timeMs, level, line }) => [
      `${timeMs}000000`,
      line,
      { detected_level: level },
    ]);
    await postJson(
      `${url.replace(/\/+$/, '')}/loki/api/v1/push`,
      { streams: [{ stream, values }] },
      { who: 'Loki', headers, timeoutMs, signal },
    );
  };
}
