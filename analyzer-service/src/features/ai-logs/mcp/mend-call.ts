import { LEVELS, parseLevel } from '../../../engine/log-line.ts';
import { nearest } from '../../../http/nearest.ts';
import type { Tool } from './tool.ts';

type Arguments = Readonly<Record<string, unknown>>;
type Flat = Readonly<Record<string, string | number>>;

/** What other tools call these arguments. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  services: ['service', 'service_name', 'app', 'apps', 'job'],
  severity: ['level', 'levels', 'severities', 'log_level'],
  search: ['query', 'text', 'contains', 'keyword', 'filter', 'pattern', 'q'],
  time_range: ['range', 'since', 'last', 'duration', 'window', 'lookback', 'period', 'time'],
  start: ['from', 'start_time', 'begin'],
  end: ['to', 'until', 'end_time'],
  id: ['correlation_id', 'trace_id', 'request_id', 'trace', 'request'],
  evidence: ['evidence_id', 'evidence_ids'],
  line: ['log', 'log_line', 'message', 'text'],
  max_tokens: ['tokens', 'token_budget'],
  limit: ['count', 'lines', 'max_lines', 'size', 'n'],
};
const KEYS_MAX = 30;
const TEXT_CHARACTERS_MAX = 300;
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^s(ec(ond)?s?)?$/i, 's'],
  [/^m(in(ute)?s?)?$/i, 'm'],
  [/^h((ou)?rs?)?$/i, 'h'],
  [/^d(ays?)?$/i, 'd'],
  [/^w(eeks?)?$/i, 'w'],
];

/** The call that was probably meant, when these arguments can be turned into ones that the tool takes; null otherwise. */
export function mendCall(tool: Tool, given: unknown): Flat | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const known = Object.keys(tool.arguments.shape);
  const mended: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(given as Arguments).slice(0, KEYS_MAX)) {
    const name = known.includes(key) ? key : renamed(key, known, given as Arguments);
    if (!name || name in mended) continue;
    const flat = mendValue(name, value, mended);
    if (flat !== null) mended[name] = flat;
  }
  if ('time_range' in mended && 'start' in mended) delete mended['time_range'];
  return tool.arguments.safeParse(mended).success ? mended : null;
}

function renamed(key: string, known: readonly string[], given: Arguments): string | null {
  const snake = key
    .slice(0, 60)
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  if (known.includes(snake)) return snake in given ? null : snake;
  const alias = known.find((name) => ALIASES[name]?.includes(snake));
  const name = alias ?? nearest(snake, known);
  return name && !(name in given) ? name : null;
}

function mendValue(
  name: string,
  value: unknown,
  mended: Record<string, string | number>,
): string | number | null {
  if (name === 'max_tokens' || name === 'limit') return mendNumber(name, value);
  const text = flatText(value);
  if (text === null) return null;
  if (name === 'severity') return mendSeverity(text);
  if (name === 'time_range') return mendDuration(text);
  if (name === 'end' && /^now(\(\))?$/i.test(text)) return null;
  if (name === 'start') {
    const back = mendDuration(text);
    if (back === null) return text;
    mended['time_range'] = back;
    return null;
  }
  return text;
}

function flatText(value: unknown): string | null {
  if (Array.isArray(value)) {
    const words = value.slice(0, 50).filter((word) => typeof word === 'string' || typeof word === 'number');
    return words.length > 0 ? words.join(',').slice(0, TEXT_CHARACTERS_MAX) : null;
  }
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  return String(value).slice(0, TEXT_CHARACTERS_MAX);
}

function mendNumber(name: 'max_tokens' | 'limit', value: unknown): number | null {
  const number = Math.round(Number(value));
  if (!Number.isFinite(number) || value === null || typeof value === 'object') return null;
  const [min, max] = name === 'limit' ? [1, 200] : [300, 20_000];
  return Math.min(max, Math.max(min, number));
}

/** "WARNING", "critical", "errors and above": the engine's words, or null. */
function mendSeverity(text: string): string | null {
  const words = text
    .split(/[\s,|]+/)
    .map((word) => parseLevel(word.replace(/s$/i, '')))
    .filter((level) => level !== 'unknown');
  return words.length > 0 ? [...new Set(words)].filter((word) => LEVELS.includes(word)).join(',') : null;
}

/** "15 minutes", "last 2 hours", "now-1h", "PT15M", "90min": as 15m, 2h, 1h, 15m, 90m. */
function mendDuration(text: string): string | null {
  const [, digits = '', unit = ''] =
    /^(?:now\s*-|-|last|past|pt?)?\s*(\d{1,6})\s*([a-z]{0,7})(?:\s+ago)?$/i.exec(text.trim()) ?? [];
  const short = UNITS.find(([words]) => words.test(unit))?.[1];
  const amount = Number(digits);
  return short && amount > 0 ? `${amount}${short}` : null;
}
