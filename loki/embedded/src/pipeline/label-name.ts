const FOREIGN_CHARACTER = /[^a-zA-Z0-9_]/gu;
const CLEAN = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const VALID = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

export const isLabelName = (name: string): boolean => VALID.test(name);

const known = new Map<string, string>();
const KNOWN_NAMES_MAX = 10_000;

/** A field name as a label name: every character that a label cannot have becomes `_`. */
export function labelNameOf(field: string, isStart = true): string {
  if (CLEAN.test(field)) return field;
  const key = isStart ? field : `\0${field}`;
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const trimmed = field.trim();
  const name = (isStart && /^[0-9]/.test(trimmed) ? `_${trimmed}` : trimmed).replaceAll(
    FOREIGN_CHARACTER,
    '_',
  );
  if (known.size < KNOWN_NAMES_MAX) known.set(key, name);
  return name;
}
