/**
 * Whether the words at start..end of a text are there as whole words and are not denied. Metrics and summaries name
 * trouble to say that there is none: "0 deadlocks", "no space left on device: false", "oom_killed=0", `"error":null`.
 * Costs a look at the neighbouring words.
 */
export function isRealMention(text: string, start: number, end: number): boolean {
  if (isWordCharacter(text.charCodeAt(start)) && isWordCharacter(text.charCodeAt(start - 1))) return false;
  if (isWordCharacter(text.charCodeAt(end - 1)) && isWordCharacter(text.charCodeAt(end))) return false;
  return !isDeniedBefore(text, start) && !isDeniedAfter(text, end);
}

const NEIGHBOURHOOD = 24;
const DENIED_BEFORE = /(?:^|[^\w.:])(?:no|not|zero|without|never|0) $/i;
const NOTHING = String.raw`(?:["']?(?:0(?:\.0+)?|null|none|nil|false|no)(?!\w|\.\d)|""|'')`;
const COUNT = String.raw`(?: (?:errors?|counts?|total|retries|events?|failures?))?`;
/** A value of nothing: after `=`, after a JSON key, or after a plain colon when the statement ends with it. */
const DENIED_AFTER = new RegExp(
  String.raw`^${COUNT}(?:["']? ?= ?${NOTHING}|["'] ?: ?${NOTHING}|: ?${NOTHING} ?(?:$|[,;)\]}|\n]))`,
  'i',
);

function isDeniedBefore(text: string, start: number): boolean {
  return (
    text.charCodeAt(start - 1) === SPACE &&
    DENIED_BEFORE.test(text.slice(Math.max(0, start - NEIGHBOURHOOD), start))
  );
}

function isDeniedAfter(text: string, end: number): boolean {
  const code = text.charCodeAt(end);
  if (code !== EQUALS && code !== COLON && code !== QUOTE && code !== APOSTROPHE && code !== SPACE)
    return false;
  return DENIED_AFTER.test(text.slice(end, end + NEIGHBOURHOOD));
}

const SPACE = 32;
const QUOTE = 34;
const APOSTROPHE = 39;
const COLON = 58;
const EQUALS = 61;

/** ASCII letters, digits and the underscore; NaN, beyond the ends of the text, is none. */
function isWordCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
  );
}
