import type { Template, TemplateHandle } from './template.ts';
import { templateId } from './template.ts';
import { isValue, tokenize } from './tokens.ts';

export interface TemplateMinerLimits {
  /** Templates kept; lines that would need one more are counted in `restCount`. */
  readonly templatesMax: number;
  /** Characters of a line that are read. */
  readonly characterMax: number;
}

const DEFAULT_LIMITS: TemplateMinerLimits = { templatesMax: 50_000, characterMax: 8_192 };

interface Cluster {
  readonly text: string;
  readonly id: string;
  count: number;
}

/**
 * Learns the templates of log lines while they pass, one fixed setting for every kind of log. Never refuses a line:
 * the counts of all templates plus `restCount` equal `lineCount`.
 */
export class TemplateMiner {
  readonly #limits: TemplateMinerLimits;
  readonly #handles = new Map<string, TemplateHandle>();
  readonly #clusters: Cluster[] = [{ text: '<*>', id: templateId('<*>'), count: 0 }];
  #lineCount = 0;

  constructor(limits: Partial<TemplateMinerLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Weighted lines added so far. */
  get lineCount(): number {
    return this.#lineCount;
  }

  /** Weighted lines whose template was not kept. */
  get restCount(): number {
    return this.#clusters[0]!.count;
  }

  /** Counts a line, `weight` source lines strong, and answers the handle of its template. */
  add(text: string, weight = 1): TemplateHandle {
    this.#lineCount += weight;
    const key = templateText(text.slice(0, this.#limits.characterMax));
    let handle = this.#handles.get(key);
    if (handle === undefined) {
      handle = this.#clusters.length > this.#limits.templatesMax ? 0 : this.#clusters.length;
      if (handle > 0) {
        this.#clusters.push({ text: key, id: templateId(key), count: 0 });
        this.#handles.set(key, handle);
      }
    }
    this.#clusters[handle]!.count += weight;
    return handle;
  }

  /** The template that a handle stands for now; the rest's `<*>` for a line that was not kept. */
  resolve(handle: TemplateHandle): Template {
    const cluster = this.#clusters[handle];
    if (!cluster)
      throw new RangeError(`No template has the handle ${handle}: use one that this miner answered`);
    return { ...cluster };
  }

  /** All templates, most lines first, without the rest. */
  templates(): Template[] {
    return this.#clusters
      .slice(1)
      .map(({ id, text, count }) => ({ id, text, count }))
      .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  }
}

function templateText(message: string): string {
  let text = '';
  for (const token of tokenize(message)) {
    const piece = isValue(token.kind) ? '<*>' : token.text;
    if (piece === '<*>' && text.endsWith('<*>') && token.spaced) continue;
    text += token.spaced && text ? ` ${piece}` : piece;
  }
  return text;
}
