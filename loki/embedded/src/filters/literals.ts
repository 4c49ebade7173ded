const LITERALS = /^(?:[^\\.+*?()[\]{}^$]|\\[^a-zA-Z0-9])*$/;

/** The alternatives of a regular expression that is nothing but literals, such as `a|b`; null for any other. */
export function literalsOf(regex: string): string[] | null {
  if (!LITERALS.test(regex)) return null;
  const literals = [''];
  for (const [, escaped, plain] of regex.matchAll(/\\(.)|([^|\\])|\|/gsu)) {
    if (escaped === undefined && plain === undefined) literals.push('');
    else literals[literals.length - 1] += escaped ?? plain ?? '';
  }
  return literals;
}
