import { compileMatcher } from '../filters/matcher.ts';
import type { LabelChoice } from '../logql/syntax.ts';
import type { CompiledStage } from '../pipeline/entry.ts';

/** `| drop a, b="x"`: removes the named labels, or only those whose value matches. */
export function compileDrop(choices: readonly LabelChoice[]): CompiledStage {
  const drops = choices.map(({ name, matcher }) => ({
    name,
    test: matcher ? compileMatcher(matcher) : null,
  }));
  return (entry) => {
    for (const { name, test } of drops) {
      if (test && !test(entry.valueForFilter(name))) continue;
      if (name === '__error__') {
        entry.error = '';
        entry.errorDetails = '';
      } else if (name === '__error_details__') entry.errorDetails = '';
      else if (entry.get(name) !== undefined) entry.delete(name);
    }
    return true;
  };
}

/** `| keep a, b="x"`: removes every label but the named ones; errors stay. */
export function compileKeep(choices: readonly LabelChoice[]): CompiledStage {
  const keeps = choices.map(({ name, matcher }) => ({
    name,
    test: matcher ? compileMatcher(matcher) : null,
  }));
  return (entry) => {
    const removed: string[] = [];
    entry.visitLabels((name, value) => {
      if (name === '__error__' || name === '__error_details__') return;
      if (!keeps.some((keep) => keep.name === name && (!keep.test || keep.test(value)))) removed.push(name);
    });
    for (const name of removed) entry.delete(name);
    return true;
  };
}
