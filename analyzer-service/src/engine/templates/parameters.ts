import { ParameterSketch } from './parameter-sketch.ts';
import type { PinnedPatterns } from './pinned-patterns.ts';
import type { TemplateParameter } from './template.ts';
import type { TemplateIndex } from './template-index.ts';
import type { Wording } from './wording.ts';
import type { WordingEntry, WordingStore } from './wording-store.ts';

/** The parameters of the template of a handle, one for each `<*>` or placeholder of its text. */
export function parametersOf(
  index: TemplateIndex,
  store: WordingStore,
  pinned: PinnedPatterns,
  handle: number,
): TemplateParameter[] {
  const pattern = pinned.at(handle);
  if (pattern) {
    const { sketches } = store.entry(handle)!;
    return pattern.parameters.map((name, i) => {
      return { name, values: (sketches[i] ?? new ParameterSketch()).distribution() };
    });
  }
  const template = index.learned(handle);
  if (!template) return [];
  const { wording } = template.entries[0]!;
  return template.group.openColumns.map((column) => {
    const sketch = new ParameterSketch();
    for (const entry of template.entries) addColumn(sketch, entry, column, store.countOf(entry.handle));
    return { name: parameterName(wording, column), values: sketch.distribution() };
  });
}

function addColumn(sketch: ParameterSketch, entry: WordingEntry, column: number, count: number): void {
  const known = entry.sketches[column];
  if (known) sketch.merge(known.state());
  else if (entry.wording.kinds[column] === 'word') sketch.add(entry.wording.texts[column]!, count);
}

/** The key of `key=` or `key:`, or else the word before the value. */
function parameterName({ kinds, texts }: Wording, column: number): string | null {
  for (let before = column - 1; before >= Math.max(0, column - 3); before--) {
    if (kinds[before] === 'word') return texts[before]!.replace(/^"|"?[:=]$/g, '');
    if (kinds[before] === 'value') return null;
  }
  return null;
}
