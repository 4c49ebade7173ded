import { JsonSyntaxError, scanObject, unescapeJson } from '../parsers/json-scanner.ts';
import { scanLogfmt } from '../parsers/logfmt-scanner.ts';
import type { Labels } from '../pipeline/entry.ts';

/** The names under which Loki looks for a level (limits: log_level_fields). */
const LEVEL_NAMES = [
  'level',
  'LEVEL',
  'Level',
  'severity',
  'SEVERITY',
  'Severity',
  'lvl',
  'LVL',
  'Lvl',
  'severity_text',
  'Severity_Text',
  'SEVERITY_TEXT',
];
const LEVEL_NAME_SET = new Set(LEVEL_NAMES);

const LEVELS: Readonly<Record<string, string>> = {
  trace: 'trace',
  trc: 'trace',
  debug: 'debug',
  dbg: 'debug',
  info: 'info',
  inf: 'info',
  information: 'info',
  warn: 'warn',
  wrn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  critical: 'critical',
  fatal: 'fatal',
};

/** The upper bounds of OpenTelemetry's severity numbers, see its log data model. */
const SEVERITY_NUMBERS: readonly (readonly [number, string])[] = [
  [0, 'unknown'],
  [4, 'trace'],
  [8, 'debug'],
  [12, 'info'],
  [16, 'warn'],
  [20, 'error'],
  [24, 'fatal'],
];

/** The level of the stream, when its labels name one: it holds for all of its lines. */
export function levelOfLabels(labels: Labels): string | null {
  for (const name of LEVEL_NAMES) if (Object.hasOwn(labels, name)) return normalise(labels[name] ?? '');
  return null;
}

/** The `detected_level` that Loki gives a line of a stream without a level label. */
export function detectLevel(line: string, metadata: Labels | null): string {
  if (metadata) {
    const level = levelOfLabels(metadata);
    if (level !== null) return level;
    const severity = metadata.severity_number;
    if (severity !== undefined && severity !== '') return levelOfSeverity(severity);
  }
  const named = line.includes('=') || line.includes('{') ? LEVELS[fieldOf(line).toLowerCase()] : undefined;
  return named ?? levelOfText(line);
}

const normalise = (level: string): string => LEVELS[level.toLowerCase()] ?? level;

function levelOfSeverity(text: string): string {
  if (!/^[+-]?\d+$/.test(text)) return 'info';
  const severity = Number(text);
  return SEVERITY_NUMBERS.find(([most]) => severity <= most)?.[1] ?? 'unknown';
}

function fieldOf(line: string): string {
  if (line.trimStart().startsWith('{') && line.trimEnd().endsWith('}')) return jsonField(line);
  return line.includes('=') ? logfmtField(line) : '';
}

function jsonField(line: string): string {
  let found = '';
  try {
    scanObject(line, 0, line.length, (key, type, from, to) => {
      if (type !== 'string' || !LEVEL_NAME_SET.has(key)) return true;
      found = unescapeJson(line.slice(from, to)) ?? '';
      return false;
    });
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
  }
  return found;
}

function logfmtField(line: string): string {
  let found = '';
  scanLogfmt(line, true, (key, value) => {
    if (!LEVEL_NAME_SET.has(key)) return true;
    found = value;
    return false;
  });
  return found;
}

const TEXT_LEVELS: readonly (readonly [string, RegExp])[] = [
  ['info', /info|INFO/],
  ['error', /err:|ERR:|error|ERROR/],
  ['warn', /warn:|WARN:|warning|WARNING/],
  ['critical', /critical:|CRITICAL:/],
  ['debug', /debug:|DEBUG:/],
];

function levelOfText(line: string): string {
  for (const [level, text] of TEXT_LEVELS) if (text.test(line)) return level;
  return 'unknown';
}
