import type { Matcher as RegexMatcher, RE2JS } from 're2js';

/** The replacement with `$1`, `${1}`, `$name` and `${name}` filled in from a match, as Go expands them. */
export function expandReplacement(
  replacement: string,
  matcher: RegexMatcher,
  names: Readonly<Record<string, number>>,
): string {
  if (!replacement.includes('$')) return replacement;
  return replacement.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
    const group = bare ?? braced;
    if (group === undefined) return '$';
    const index = /^\d+$/.test(group) ? Number(group) : names[group];
    return index === undefined || index > matcher.groupCount() ? '' : (matcher.group(index) ?? '');
  });
}

/** Go's ReplaceAllString. */
export function replaceMatches(regex: RE2JS, text: string, replacement: string): string {
  const matcher = regex.matcher(text);
  const names = regex.namedGroups();
  let written = '';
  let from = 0;
  while (matcher.find()) {
    written += text.slice(from, matcher.start()) + expandReplacement(replacement, matcher, names);
    from = matcher.end();
  }
  return written + text.slice(from);
}
