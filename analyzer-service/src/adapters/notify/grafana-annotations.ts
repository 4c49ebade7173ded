import type { IncidentChannel } from '../../ports/incident-channel.ts';
import { postJson } from './post-json.ts';

export interface GrafanaOptions {
  readonly url: string;
  /** Of a service account that may write annotations. */
  readonly token: string;
  readonly timeoutMs: number;
}

/**
 * Annotations through Grafana's HTTP API, which stays beside the newer one of Grafana 13:
 * https://grafana.com/docs/grafana/latest/developers/http_api/annotations/
 */
export function grafanaAnnotations({ url, token, timeoutMs }: GrafanaOptions): IncidentChannel {
  const base = `${url.replace(/\/+$/, '')}/api/annotations`;
  const headers = { authorization: `Bearer ${token}` };
  return {
    name: 'grafana',
    send: async (note, reference, signal) => {
      const options = { who: 'Grafana', headers, timeoutMs, signal };
      const annotation = {
        time: note.startedMs,
        ...(note.endedMs === null ? {} : { timeEnd: note.endedMs }),
        tags: [
          'sonde',
          'incident',
          note.state,
          ...note.services.slice(0, 10).map((name) => `service:${name}`),
        ],
        text: markup(note.text),
      };
      if (reference) {
        const change = { ...options, method: 'PATCH' as const, understood: [404] };
        const { status } = await postJson(`${base}/${encodeURIComponent(reference)}`, annotation, change);
        if (status !== 404) return reference;
      }
      const panel = note.dashboardUid
        ? { dashboardUID: note.dashboardUid, ...(note.panelId === null ? {} : { panelId: note.panelId }) }
        : {};
      const { text } = await postJson(base, { ...annotation, ...panel }, options);
      const id = /"id":\s*(\d+)/.exec(text)?.[1];
      if (!id) throw new Error('Grafana answered without the id of the annotation');
      return id;
    },
  };
}

/** Grafana shows annotations as HTML: log text must not become any. */
function markup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\n', '<br>');
}
