import type { IncidentChannel } from '../../ports/incident-channel.ts';
import { postJson } from './post-json.ts';

/** The incident as JSON to an address of the user's; its id tells the receiver which one has changed. */
export function webhook(url: string, token: string | undefined, timeoutMs: number): IncidentChannel {
  return {
    name: 'webhook',
    send: async (note, _, signal) => {
      const { startedMs, endedMs, dashboardUid, panelId, ...rest } = note;
      const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
      const body = {
        ...rest,
        started: iso(startedMs),
        ended: iso(endedMs),
        dashboard_uid: dashboardUid,
        panel_id: panelId,
      };
      const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
      await postJson(url, body, { who: 'The webhook', headers, timeoutMs, signal });
      return null;
    },
  };
}
