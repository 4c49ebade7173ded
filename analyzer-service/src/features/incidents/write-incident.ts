import type { IncidentRow } from '../../database/incident-tables.ts';
import { readList } from './incident-rows.ts';
import type { ReadIncident } from './read-incidents.ts';
import type { IncidentAnswer, IncidentsAnswer } from './schema.ts';
import { timelineOf } from './timeline.ts';

export function writeIncidentRow(
  row: IncidentRow & { readonly alerts: number },
): IncidentsAnswer['incidents'][number] {
  return { ...fieldsOf(row), alerts: row.alerts };
}

export function writeIncident(incident: ReadIncident): IncidentAnswer {
  const { row, brief } = incident;
  return {
    ...fieldsOf(row),
    alerts: incident.alerts.map((alert) => ({
      name: alert.name,
      state: alert.state,
      fingerprint: alert.fingerprint,
      starts: iso(alert.startsMs),
      ends: alert.endsMs === null ? null : iso(alert.endsMs),
      labels: alert.labels,
      annotations: alert.annotations,
      services: [...alert.services],
      rule_url: alert.ruleUrl,
    })),
    window: brief?.window ?? null,
    baseline: brief?.baseline ?? null,
    findings: (brief?.findings ?? []).map((finding) => ({
      ...finding,
      affected: [...finding.affected],
      evidence: [...finding.evidence],
    })),
    suspects: (brief?.suspects ?? []).map((suspect) => ({ ...suspect, reasons: [...suspect.reasons] })),
    timeline: timelineOf(incident).map(({ timeMs, kind, text }) => ({ time: iso(timeMs), kind, text })),
    deliveries: incident.deliveries.map(({ channel, state, attempts, error, updated_ms }) => ({
      channel,
      state,
      attempts,
      error,
      updated: iso(updated_ms),
    })),
    warnings: [...(brief?.warnings ?? [])],
  };
}

function fieldsOf(row: IncidentRow) {
  const { id, state, title, summary, suspect, analysis, verdict, true_cause } = row;
  return {
    id,
    state,
    title,
    summary,
    services: [...readList(row.services)],
    suspect,
    started: iso(row.started_ms),
    ended: row.ended_ms === null ? null : iso(row.ended_ms),
    updated: iso(row.updated_ms),
    analysis,
    feedback: verdict && { verdict, true_cause },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
