import { badRequest } from '../errors.ts';
import { compileRegex } from '../filters/regex.ts';
import type { CompiledStage } from '../pipeline/entry.ts';
import { isLabelName } from '../pipeline/label-name.ts';

/** `| regexp "(?P<label>...)"`: the named groups of the first match become labels. */
export function compileRegexpParser(expression: string): CompiledStage {
  const regex = compileRegex(expression);
  const groups = Object.entries(regex.namedGroups()).toSorted((a, b) => a[1] - b[1]);
  if (groups.length === 0)
    throw badRequest('parse error : invalid regexp parser: at least one named capture must be supplied');
  for (const [name] of groups)
    if (!isLabelName(name))
      throw badRequest(`parse error : invalid regexp parser: invalid extracted label name '${name}'`);
  return (entry) => {
    const matcher = regex.matcher(entry.line);
    if (!matcher.find()) return true;
    for (const [name, index] of groups) entry.extract(name, matcher.group(index) ?? '');
    return true;
  };
}
