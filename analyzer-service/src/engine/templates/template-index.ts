import { WILDCARD } from './columns.ts';
import type { PinnedPatterns } from './pinned-patterns.ts';
import type { Template } from './template.ts';
import { templateId } from './template.ts';
import type { TemplateGroup } from './template-groups.ts';
import { groupTemplates } from './template-groups.ts';
import type { WordingEntry, WordingStore } from './wording-store.ts';
import { REST } from './wording-store.ts';

/** A group of wordings under the id of its text. */
export interface IndexedTemplate {
  readonly id: string;
  readonly group: TemplateGroup;
  readonly entries: readonly WordingEntry[];
}

/** The templates of a store at one moment. Counts are read when asked for, so they are never old. */
export class TemplateIndex {
  readonly #store: WordingStore;
  readonly #pinned: PinnedPatterns;
  readonly #templates: readonly IndexedTemplate[];
  readonly #byHandle = new Map<number, IndexedTemplate>();

  constructor(store: WordingStore, pinned: PinnedPatterns) {
    this.#store = store;
    this.#pinned = pinned;
    const entries = [...store.learned()];
    this.#templates = groupTemplates(entries.map(({ wording }) => wording)).map((group) => {
      const own = group.members.map((member) => entries[member]!);
      const template = { id: templateId(group.text), group, entries: own };
      for (const { handle } of own) this.#byHandle.set(handle, template);
      return template;
    });
  }

  learned(handle: number): IndexedTemplate | undefined {
    return this.#byHandle.get(handle);
  }

  resolve(handle: number): Template {
    const template = this.#byHandle.get(handle);
    if (template) return this.#describe(template);
    const pinned = this.#pinned.at(handle);
    const count = this.#store.countOf(handle);
    if (!pinned)
      return { id: templateId(WILDCARD), text: WILDCARD, count: this.#store.countOf(REST), name: null };
    return { id: templateId(pinned.text), text: pinned.text, count, name: pinned.name };
  }

  templates(): Template[] {
    const learned = this.#templates.map((template) => this.#describe(template));
    const named = [...this.#pinned.all()].map(([handle]) => this.resolve(handle));
    return [...learned, ...named]
      .filter((template) => template.count > 0)
      .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  }

  #describe({ id, group, entries }: IndexedTemplate): Template {
    const count = entries.reduce((sum, { handle }) => sum + this.#store.countOf(handle), 0);
    return { id, text: group.text, count, name: null };
  }
}
