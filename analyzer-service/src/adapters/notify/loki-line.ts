import { OWN_SERVICE } from '../../engine/logql/selector.ts';
import type { IncidentChannel } from './incident-channel.ts';
import { postJson } from './post-json.ts';

export interface LokiLineOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceLabel: string;
  readonly nowMs: () => number;
  readonly timeoutMs: number;
}

/** One line for each change of an incident, `{service_name="sonde", kind="incident"}`, so that it can be queried. */
export function lokiLine({ url, headers, serviceLabel, nowMs, timeoutMs }: LokiLineOptions): IncidentChannel {
  return {
    name: 'loki',
    send: async (note, _, signal) => {
      const line = JSON.stringify({
        incident: note.id,
        state: note.state,
        title: note.title,
        summary: note.summary,
        services: note.services,
        suspect: note.suspect,
        started: new Date(note.startedMs).toISOString(),
        link: note.link,
      });
      const stream = { service_name: OWN_SERVICE, [serviceLabel]: OWN_SERVICE, kind: 'incident' };
      const values = [[`${nowMs()}000000`, line, { detected_level: 'info' }]];
      await postJson(
        `${url.replace(/\/+$/, '')}/loki/api/v1/push`,
        { streams: [{ stream, values }] },
        { who: 'Loki', headers, timeoutMs, signal },
      );
      return null;
    },
  };
}
