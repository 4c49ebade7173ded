import type { WriteOwnLines } from '../../ports.ts';
import type { IncidentChannel } from '../../ports/incident-channel.ts';

/** One line for each change of an incident, `{service_name="sonde", kind="incident"}`, so that it can be queried. */
export function lokiLine(writeOwnLines: WriteOwnLines, nowMs: () => number): IncidentChannel {
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
      await writeOwnLines('incident', [{ timeMs: nowMs(), level: 'info', line }], signal);
      return null;
    },
  };
}
