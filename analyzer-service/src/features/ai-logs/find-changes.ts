import { createHash } from 'node:crypto';
import type { Finding } from '../../engine/finding.ts';
import type { LogLine } from '../../engine/log-line.ts';
import { namedValues, valueOf } from './named-values.ts';
import type { ReadContext } from './read-context.ts';
import { quote, selector } from '../../engine/logql/selector.ts';

/** What a line says about a change of configuration, version or rights. */
export interface Change {
  readonly line: LogLine;
  readonly actor: string | null;
  readonly action: string;
  readonly target: string | null;
}

/** Words of lines that say who changed what. */
const CHANGE_WORDS = [
  String.raw`\baudit\b`,
  String.raw`config(uration)?[ _.-]?(was )?(change|update|reload|edit)`,
  String.raw`feature[ _-]?flag`,
  String.raw`\bdeploy(ed|ment|ing)?\b`,
  String.raw`\broll(ed)?[ -]?(out|back)\b`,
  String.raw`\b(version|release) .{0,40}\b(started|live|released)\b`,
  String.raw`permission.{0,20}(granted|revoked|changed)`,
  String.raw`role.{0,20}(assigned|removed|changed)`,
].join('|');
const CHANGES_READ = 2_000;
/** A change is worth a look when something begins within this time after it. */
const AFTERMATH_MS = 10 * 60_000;
/** Clocks of two services differ, and a change point is known to a step of counting only. */
const TOLERANCE_MS = 30_000;

/** The newest lines of the window that tell of a change, of all services that the query is about. */
export async function findChanges({ filter, labels, source, window, signal }: ReadContext) {
  const query = `${selector({ ...filter, levels: undefined, search: undefined }, labels)} |~ ${quote(`(?i)${CHANGE_WORDS}`)}`;
  const lines = await source.read('lines that tell of a change', {
    query,
    range: window,
    limit: CHANGES_READ,
    signal,
  });
  return { changes: lines.map(readChange), cut: lines.length === CHANGES_READ };
}

/** A finding for each change: `medium` with what began soon after it in `beginnings`, otherwise `info`. */
export function changeFindings(changes: readonly Change[], beginnings: readonly Finding[]): Finding[] {
  return changes.map((change) => changeFinding(change, aftermathOf(change, beginnings)));
}

function readChange(line: LogLine): Change {
  const named = namedValues(line);
  const value = (...names: readonly string[]) => valueOf(line, named, names) ?? null;
  return {
    line,
    actor: value('actor', 'user', 'user_name', 'username', 'by', 'changed_by', 'principal', 'deployer'),
    action: value('action', 'event', 'operation', 'verb') ?? named.message,
    target: value('target', 'resource', 'object', 'setting', 'key', 'flag', 'version'),
  };
}

/** What began after the change, in its own service rather than in another. */
function aftermathOf({ line }: Change, beginnings: readonly Finding[]): Finding | undefined {
  const after = beginnings.filter(
    ({ sinceMs }) =>
      sinceMs !== null && sinceMs >= line.timeMs - TOLERANCE_MS && sinceMs - line.timeMs <= AFTERMATH_MS,
  );
  return after.find(({ service }) => service === line.service) ?? after[0];
}

function changeFinding({ line, actor, action, target }: Change, after: Finding | undefined): Finding {
  const what = [actor ? `${actor}:` : '', action, target ?? ''].filter(Boolean).join(' ').slice(0, 200);
  const delayS = Math.max(0, Math.round(((after?.sinceMs ?? 0) - line.timeMs) / 1_000));
  return {
    id: `config_change-${createHash('sha256').update(`${line.service}\n${line.timestampNs}\n${line.text}`).digest('hex').slice(0, 8)}`,
    kind: 'config_change',
    severity: after ? 'medium' : 'info',
    score: after ? 0.4 + after.score / 2 : 0.1,
    service: line.service,
    affected: after && after.service !== line.service ? [after.service] : [],
    title: `${line.service || 'the log'}: ${what}${after ? `; ${delayS} s later ${after.title}` : ''}`,
    sinceMs: line.timeMs,
    count: 1,
    baselineCount: 0,
    template: null,
    pattern: null,
    evidence: [line, ...(after?.evidence.slice(0, 2) ?? [])],
    series: [],
  };
}
