export const SECRET_KINDS = [
  'private_key',
  'jwt',
  'key',
  'secret',
  'email',
  'card',
  'ip',
  'name',
  'text',
] as const;
/** What was hidden. `text` is log text that looks like one of our placeholders and would be mistaken for it. */
export type SecretKind = (typeof SECRET_KINDS)[number];

/** Returns what stands in the text instead of a secret. */
type Hide = (kind: SecretKind, secret: string) => string;

/** Returns the text with every secret of its kinds hidden. Takes time in proportion to the text, whatever it holds. */
export type Detector = (text: string, hide: Hide) => string;
