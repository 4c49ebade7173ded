import { WILDCARD } from './columns.ts';
import { groupWordings } from './grouping.ts';
import type { Wording } from './wording.ts';
import { absorb, renderText } from './wording.ts';

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
  const { groupOf, keys } = groupWordings(wordings);
  const groups: ({ shown: Wording; members: number[] } | undefined)[] = keys.map(() => undefined);
  wordings.forEach((wording, index) => {
    const group = groups[groupOf[index]!];
    if (group) {
      absorb(group.shown, wording.texts, wording.spacing);
      group.members.push(index);
    } else groups[groupOf[index]!] = { shown: { ...wording, texts: [...wording.texts] }, members: [index] };
  });
  const byText = new Map<string, TemplateGroup>();
  for (const { shown, members } of groups.filter((group) => group !== undefined)) {
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
