import { createHash } from 'node:crypto';
import type { Finding } from '../../../engine/finding.ts';
import type { LogLine } from '../../../engine/log-line.ts';
import { writeSummary } from '../../../engine/summary/write-summary.ts';
import { investigateWindow } from '../investigate-window.ts';
import type { ModeContext } from '../query-ai-logs.ts';
import { namedValues, valueOf } from '../named-values.ts';
import { selector, quote } from '../selector.ts';
import { isoTime } from '../iso-time.ts';
import type { ModeResult } from '../write-answer.ts';

/** Words of lines that say who changed what. */
const CHANGE_WORDS =
  '(?i)\\baudit\\b|config(uration)?[ _.-]?(was )?(change|update|reload|edit)|feature[ _-]?flag|\\bdeploy(ed|ment|ing)?\\b|\\broll(ed)?[ -]?(out|back)\\b|\\b(version|release) .{0,40}\\b(started|live|released)\\b|permission.{0,20}(granted|revoked|changed)|role.{0,20}(assigned|removed|changed)';
const EVENTS_READ = 2_000;
/** A change is worth a look when something begins within this time after it. */
const AFTERMATH_MS = 10 * 60_000;

interface Change {
  readonly line: LogLine;
  readonly actor: string | null;
  readonly action: string;
  readonly target: string | null;
}

/** Who changed what, and what began soon after it. */
export async function audit(context: ModeContext): Promise<ModeResult> {
  const { filter, labels, source, window, signal, query } = context;
  const logql = `${selector(filter, labels)} |~ ${quote(CHANGE_WORDS)}`;
  const [lines, { result, ...reading }] = await Promise.all([
    source.read('lines that tell of a change', { query: logql, range: window, limit: EVENTS_READ, signal }),
    investigateWindow(context),
  ]);
  const changes = lines.map(readChange);
  const beginnings = result.findings.filter(
    ({ kind, severity }) => kind !== 'config_change' && severity !== 'info',
  );
  const findings = changes
    .map((change) => changeFinding(change, beginnings))
    .sort((a, b) => b.score - a.score);
  const suspects = result.suspects.filter(({ service }) =>
    changes.some(({ line }) => line.service === service),
  );
  const events = changes.slice(-query.limit).map(({ line, actor, action, target }) => ({
    time: isoTime(line.timeMs),
    service: line.service,
    actor,
    action,
    target,
    line: line.text,
  }));
  const noChange = changes.length === 0 ? 'No line in this window tells of a change.' : '';
  const summary =
    noChange ||
    `${changes.length} change${changes.length > 1 ? 's' : ''} in this window. ${writeSummary({ findings, suspects, counts: reading.counts, baseline: context.baseline })}`;
  const warnings =
    lines.length === EVENTS_READ
      ? [`More than ${EVENTS_READ} lines tell of changes: only the newest were read.`]
      : [];
  return {
    ...reading,
    summary,
    findings,
    suspects,
    templates: result.templates,
    details: { events, events_found: changes.length },
    warnings,
  };
}

function readChange(line: LogLine): Change {
  const named = namedValues(line);
  return {
    line,
    actor:
      valueOf(line, named, [
        'actor',
        'user',
        'user_name',
        'username',
        'by',
        'changed_by',
        'principal',
        'deployer',
      ]) ?? null,
    action: valueOf(line, named, ['action', 'event', 'operation', 'verb']) ?? named.message,
    target:
      valueOf(line, named, ['target', 'resource', 'object', 'setting', 'key', 'flag', 'version']) ?? null,
  };
}

function changeFinding({ line, actor, action, target }: Change, beginnings: readonly Finding[]): Finding {
  const after = beginnings.find(
    ({ sinceMs }) =>
      sinceMs !== null && sinceMs >= line.timeMs - 1_000 && sinceMs - line.timeMs <= AFTERMATH_MS,
  );
  const what = [actor ? `${actor}:` : '', action, target ?? ''].filter(Boolean).join(' ').slice(0, 200);
  const consequence = after
    ? `; ${Math.max(0, Math.round(((after.sinceMs ?? 0) - line.timeMs) / 1_000))} s later: ${after.title}`
    : '';
  return {
    id: createHash('sha256')
      .update(`config_change\n${line.service}\n${line.timestampNs}\n${line.text}`)
      .digest('hex')
      .slice(0, 12),
    kind: 'config_change',
    severity: after ? 'medium' : 'info',
    score: after ? 0.4 + after.score / 2 : 0.1,
    service: line.service,
    affected: after && after.service !== line.service ? [after.service] : [],
    title: `${line.service || 'the log'}: ${what}${consequence}`,
    sinceMs: line.timeMs,
    count: 1,
    baselineCount: 0,
    template: null,
    pattern: null,
    evidence: [line, ...(after?.evidence.slice(0, 2) ?? [])],
    series: [],
  };
}
