import type { Template, TemplateHandle } from './template.ts';
import { templateId } from './template.ts';
import type { Column } from './columns.ts';
import { columnsOf, WILDCARD } from './columns.ts';
import { groupVariants } from './grouping.ts';
import { messageStart } from './header.ts';

export interface TemplateMinerLimits {
  /** Templates kept; lines that would need one more are counted in `restCount`. */
  readonly templatesMax: number;
  /** Characters of a line that are read. */
  readonly characterMax: number;
}

const DEFAULT_LIMITS: TemplateMinerLimits = { templatesMax: 50_000, characterMax: 8_192 };

interface Shape {
  readonly columns: readonly Column[];
  count: number;
}

/**
 * Learns the templates of log lines while they pass, one fixed setting for every kind of log. Never refuses a line:
 * the counts of all templates plus `restCount` equal `lineCount`.
 */
export class TemplateMiner {
  readonly #limits: TemplateMinerLimits;
  readonly #handles = new Map<string, TemplateHandle>();
  readonly #shapes: Shape[] = [];
  #lineCount = 0;
  #restCount = 0;
  #grouped: readonly Template[] | null = null;

  constructor(limits: Partial<TemplateMinerLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Weighted lines added so far. */
  get lineCount(): number {
    return this.#lineCount;
  }

  /** Weighted lines whose template was not kept. */
  get restCount(): number {
    return this.#restCount;
  }

  /** Counts a line, `weight` source lines strong, and answers the handle of its template. */
  add(text: string, weight = 1): TemplateHandle {
    this.#lineCount += weight;
    const line = text.slice(0, this.#limits.characterMax);
    const columns = columnsOf(line.slice(messageStart(line)));
    const key = columns.map((column) => `${column.key}\u0001${column.text}`).join('\u0000');
    let handle = this.#handles.get(key);
    if (handle === undefined) {
      if (this.#shapes.length >= this.#limits.templatesMax) {
        this.#restCount += weight;
        return -1;
      }
      handle = this.#shapes.push({ columns, count: 0 }) - 1;
      this.#handles.set(key, handle);
    }
    this.#grouped = null;
    this.#shapes[handle]!.count += weight;
    return handle;
  }

  /** The template that a handle stands for now; the rest's `<*>` for a line that was not kept. */
  resolve(handle: TemplateHandle): Template {
    if (handle === -1) return { id: templateId(WILDCARD), text: WILDCARD, count: this.#restCount };
    const template = this.#group()[handle];
    if (!template)
      throw new RangeError(`No template has the handle ${handle}: use one that this miner answered`);
    return template;
  }

  /** All templates, most lines first, without the rest. */
  templates(): Template[] {
    return [...new Set(this.#group())].sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  }

  #group(): readonly Template[] {
    if (this.#grouped) return this.#grouped;
    const texts = groupVariants(this.#shapes);
    const counts = new Map<string, number>();
    texts.forEach((text, index) => counts.set(text, (counts.get(text) ?? 0) + this.#shapes[index]!.count));
    const templates = new Map<string, Template>();
    for (const [text, count] of counts) templates.set(text, { id: templateId(text), text, count });
    this.#grouped = texts.map((text) => templates.get(text)!);
    return this.#grouped;
  }
}
