import type { ReadIncident } from './read-incidents.ts';
import { timelineOf } from './timeline.ts';

const LINES_PER_FINDING = 3;

/** A draft of the post-mortem in Markdown; what nobody can know from the logs is left as a question. */
export function writePostmortem(incident: ReadIncident): string {
  const { row, services, alerts, brief } = incident;
  return [
    `# ${plain(row.title)}`,
    '',
    `- Incident: ${row.id}, ${row.state}`,
    `- Began: ${iso(row.started_ms)}${row.ended_ms ? `, over: ${iso(row.ended_ms)}, took ${minutes(row.ended_ms - row.started_ms)}` : ''}`,
    `- Services: ${plain(services.join(', ')) || 'not named'}`,
    `- Suspect: ${plain(row.suspect ?? 'none')}`,
    `- Alerts: ${plain([...new Set(alerts.map(({ name }) => name))].join(', '))}`,
    '',
    '## What happened',
    '',
    plain(row.summary),
    '',
    '## Cause',
    '',
    causeOf(incident),
    '',
    '## Timeline',
    '',
    ...timelineOf(incident).map(({ timeMs, kind, text }) => `- ${iso(timeMs)} (${kind}) ${plain(text)}`),
    '',
    '## Evidence',
    '',
    ...(brief?.findings ?? []).flatMap(({ title, evidence, evidence_query }) => [
      `### ${plain(title)}`,
      '',
      ...indented([
        evidence_query,
        ...evidence
          .slice(0, LINES_PER_FINDING)
          .map(({ time, service, line }) => `${time} ${service}: ${line}`),
      ]),
      '',
    ]),
    '## To be written',
    '',
    '- Who was affected, and how much?',
    '- What ended it?',
    '- What will keep it from happening again, who does it, and until when?',
    '',
  ].join('\n');
}

function causeOf({ row, brief }: ReadIncident): string {
  if (row.true_cause) return plain(row.true_cause);
  const suspect = brief?.suspects[0];
  if (!suspect) return 'Not known yet.';
  const doubt = row.verdict === 'wrong' ? ' (said to be wrong)' : row.verdict ? '' : ' (not confirmed)';
  return `Most likely ${plain(suspect.service)}${doubt}: ${plain(suspect.reasons.join(' '))}`;
}

/** Log text stays one paragraph of text: no line breaks, and no markup. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>#|]/g, String.raw`\$&`);
}

/** A code block by indentation cannot be closed from inside. */
function indented(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(/\r\n|[\n\r\u2028\u2029]/)).map((line) => `    ${line}`);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function minutes(ms: number): string {
  return `${Math.max(1, Math.round(ms / 60_000))} min`;
}
