import type { IncidentNote } from '../../ports/incident-channel.ts';
import type { IncidentsOptions } from './incidents-options.ts';
import type { ReadIncident } from './read-incidents.ts';

const LINES_MAX = 5;
const LINE_CHARACTERS_MAX = 300;

export const DEFAULT_TEMPLATE = [
  '[{{state}}] {{title}}',
  '{{summary}}',
  'Since {{since}}. Services: {{services}}. Suspect: {{suspect}}.',
  'Alerts: {{alerts}}',
  '{{lines}}',
  '{{link}}',
].join('\n');

/** An incident as channels tell it. Names in {{}} that the template does not know stay as they are. */
export function writeNote(
  incident: ReadIncident,
  { template, linkTo }: Pick<IncidentsOptions, 'template' | 'linkTo'>,
): IncidentNote {
  const lines = (incident.brief?.findings ?? [])
    .flatMap(({ evidence }) => evidence.slice(0, 2))
    .slice(0, LINES_MAX)
    .map(({ time, service, line }) => ({ time, service, line: line.slice(0, LINE_CHARACTERS_MAX) }));
  const { row, alerts } = incident;
  const link = linkTo(row.id);
  const panel = alerts.find(({ dashboardUid }) => dashboardUid !== null);
  const names = [...new Set(alerts.map(({ name }) => name))];
  const values: Readonly<Record<string, string>> = {
    id: row.id,
    state: row.state,
    title: row.title,
    summary: row.summary,
    since: new Date(row.started_ms).toISOString(),
    services: incident.services.join(', ') || 'not named',
    suspect: row.suspect ?? 'none',
    alerts: names.slice(0, 10).join(', '),
    lines: lines.map(({ time, service, line }) => `${time} ${service}: ${line}`).join('\n'),
    link: link ?? '',
  };
  return {
    id: row.id,
    state: row.state,
    title: row.title,
    summary: row.summary,
    text: template.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole).trim(),
    services: incident.services,
    suspect: row.suspect,
    startedMs: row.started_ms,
    endedMs: row.ended_ms,
    link,
    alerts: names,
    lines,
    dashboardUid: panel?.dashboardUid ?? null,
    panelId: panel?.panelId ?? null,
  };
}
