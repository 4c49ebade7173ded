import { parse } from 'yaml';

/** One stage of a collector's pipeline, in the shape that Promtail and Alloy have in common. */
export interface Stage {
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The stages inside a `match`. */
  readonly stages: readonly Stage[];
}

type Settings = Record<string, unknown>;

/** The stages of the first scrape config of a promtail.yaml. */
export function promtailStages(text: string): Stage[] {
  const config = parse(text) as { scrape_configs: { pipeline_stages: Record<string, Settings>[] }[] };
  return (config.scrape_configs[0]?.pipeline_stages ?? []).map(fromPromtail);
}

function fromPromtail(stage: Record<string, Settings | string[]>): Stage {
  const [[kind, given] = ['', {}]] = Object.entries(stage);
  if (Array.isArray(given)) return { kind, settings: { values: given }, stages: [] };
  if (kind === 'labels' || kind === 'structured_metadata')
    return { kind, settings: { values: withoutNulls(given) }, stages: [] };
  if (kind === 'metrics')
    return {
      kind,
      settings: Object.fromEntries(
        Object.entries(given).map(([name, metric]) => {
          const { type, config, ...rest } = metric as { type: string; config: Settings };
          return [name, { type: type.toLowerCase(), ...rest, ...config }];
        }),
      ),
      stages: [],
    };
  const { stages = [], ...settings } = given as { stages?: Record<string, Settings>[] };
  return { kind, settings: withoutNulls(settings), stages: stages.map(fromPromtail) };
}

/** YAML writes "the same name" as null, Alloy as an empty string. */
function withoutNulls(settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      value === null
        ? ''
        : typeof value === 'object' && !Array.isArray(value)
          ? withoutNulls(value as Settings)
          : value,
    ]),
  );
}

interface Block {
  readonly name: string;
  readonly settings: Settings;
  readonly blocks: readonly Block[];
}

/** The stages of the `loki.process` block of an Alloy configuration. */
export function alloyStages(text: string): Stage[] {
  const process = readBlocks(tokenize(text)).find(({ name }) => name === 'loki.process');
  return (process?.blocks ?? []).map(fromAlloy);
}

function fromAlloy({ name, settings, blocks }: Block): Stage {
  const kind = name.replace('stage.', '').replace('label_drop', 'labeldrop');
  if (kind !== 'metrics') return { kind, settings, stages: blocks.map(fromAlloy) };
  const metrics = blocks.map(({ name: type, settings: { name: metric, ...rest } }) => [
    metric,
    { type: type.replace('metric.', ''), ...rest },
  ]);
  return { kind, settings: Object.fromEntries(metrics) as Settings, stages: [] };
}

function tokenize(text: string): string[] {
  return text.replaceAll(/^\s*\/\/.*$/gm, '').match(/"(?:[^"\\]|\\.)*"|`[^`]*`|[\w.]+|[^\s\w]/g) ?? [];
}

/** Reads blocks up to the closing brace, which is taken away. Attributes become settings of the block around them. */
function readBlocks(tokens: string[], settings: Settings = {}): Block[] {
  const blocks: Block[] = [];
  for (let name = tokens.shift(); name !== undefined && name !== '}'; name = tokens.shift()) {
    if (tokens[0] === '=') {
      tokens.shift();
      settings[name] = readValue(tokens);
      continue;
    }
    if (tokens[0]?.startsWith('"')) tokens.shift();
    if (tokens.shift() !== '{') throw new Error(`config.alloy: expected { after ${name}`);
    const own: Settings = {};
    blocks.push({ name, settings: own, blocks: readBlocks(tokens, own) });
  }
  return blocks;
}

function readValue(tokens: string[]): unknown {
  const token = tokens.shift() ?? '';
  if (token === '[') return readUntil(tokens, ']', () => readValue(tokens));
  if (token === '{')
    return Object.fromEntries(
      readUntil(tokens, '}', () => {
        const key = String(readLiteral(tokens.shift() ?? ''));
        tokens.shift();
        return [key, readValue(tokens)] as const;
      }),
    );
  if (tokens[0] !== '(') return readLiteral(token);
  tokens.shift();
  return { call: token, with: readUntil(tokens, ')', () => readValue(tokens)) };
}

function readUntil<Item>(tokens: string[], end: string, read: () => Item): Item[] {
  const items: Item[] = [];
  while (tokens.length > 0 && tokens[0] !== end) {
    items.push(read());
    if (tokens[0] === ',') tokens.shift();
  }
  tokens.shift();
  return items;
}

function readLiteral(token: string): unknown {
  if (token.startsWith('`')) return token.slice(1, -1);
  if (token.startsWith('"')) return JSON.parse(token) as string;
  if (token === 'true' || token === 'false') return token === 'true';
  return /^\d+$/.test(token) ? Number(token) : token;
}
