import { WILDCARD } from './columns.ts';
import { templateKeys } from './grouping.ts';
import type { Wording } from './wording.ts';
import { absorb, renderText, rowKey } from './wording.ts';

/** Wordings that are one template, and what it shows. */
export interface TemplateGroup {
  readonly text: string;
  /** Places among the wordings given. */
  readonly members: number[];
  /** The columns that show `<*>`, in the order of the text. */
  readonly openColumns: readonly number[];
}

/** The templates of these wordings. Depends on the set of wordings only, not on their order or their counts. */
export function groupTemplates(wordings: readonly Wording[]): TemplateGroup[] {
  const byRow = new Map<string, { shown: Wording; members: number[] }>();
  templateKeys(wordings).forEach((keys, index) => {
    const wording = wordings[index]!;
    const row = rowKey(keys);
    const known = byRow.get(row);
    if (known) {
      absorb(known.shown, wording.texts, wording.spacing);
      known.members.push(index);
    } else byRow.set(row, { shown: { ...wording, texts: [...wording.texts] }, members: [index] });
  });
  const byText = new Map<string, TemplateGroup>();
  for (const { shown, members } of byRow.values()) {
    const text = renderText(shown.texts, shown.spacing);
    const known = byText.get(text);
    if (known) known.members.push(...members);
    else byText.set(text, { text, members, openColumns: openColumns(shown.texts) });
  }
  return [...byText.values()];
}

function openColumns(texts: readonly string[]): number[] {
  return texts.flatMap((text, column) => (text.includes(WILDCARD) ? [column] : []));
}
