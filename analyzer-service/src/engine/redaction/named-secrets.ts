import type { Detector } from './detector.ts';

/** The password of user:password@host; the user and the host say where to look and stay. */
const URL_PASSWORD = /([a-zA-Z][a-zA-Z0-9+.-]{1,30}:\/\/[^\s:@/"'<>]{0,200}:)([^\s@/"'<>]{1,200})(?=@)/g;

const NAMES =
  'pass(?:word|wd|phrase|code)|pwd|secret|token|credentials?|api[_-]?key|(?:access|account|private|secret|encryption|signing|shared|auth|service|master|storage|license|app(?:lication)?)[_-]?key|sharedaccesskey|session[_-]?id|sid|sig|signature|authorization|cookie|connect\\.sid|jsessionid|phpsessid|otp|pin[_-]?code|client[_-]?secret|webhook[_-]?url';
/** name=value, name: value, "name":"value", also escaped inside of JSON. Group 3 is the quote before the value. */
const NAMED = new RegExp(
  `((?:${NAMES})(?:\\\\?["'\`])?\\s{0,4}(=>|:=|[=:])\\s{0,4}(\\\\?["'\`])?)((?:[^\\s"'\`&,;<>\\\\(){}\\[\\]]|[(){}\\]](?=[^\\s"'\`&,;<>\\\\])|\\[(?![A-Z_]{2,12}\\d{1,9}\\])){3,512})`,
  'gi',
);
const MAY_BE_NAMED = /pass|pwd|secret|token|credential|key|session|sid|sig|auth|cookie|otp|pin|webhook/i;
const OPTION =
  /(--?(?:password|passwd|pass|secret|token|api-?key|access-?key|auth-?token) +["']?)([^\s"'-][^\s"']{2,255})/gi;
/** SQL and sentences: password 'x'. */
const QUOTED_PASSWORD =
  /(\b(?:password|passwd|passphrase|identified by|secret) +["'`])([^\s"'`]{3,255})(?=["'`])/gi;
const SCHEME = /(\b(?:bearer|basic|digest|apikey|token) +)([A-Za-z0-9._~+/-]{12,4096}={0,2})/gi;

/** Values that say how a secret is, not what it is. */
const STATES =
  /^(?:null|nil|none|undefined|true|false|yes|no|on|off|ok|empty|missing|invalid|valid|expired|required|optional|changed|unchanged|reset|incorrect|wrong|correct|mismatch|rejected|accepted|denied|revoked|refreshed|rotated|failed|failure|success|created|deleted|updated|unknown|disabled|enabled|bearer|basic|digest|redacted|masked|hidden|secret|password|token|string|not|was|is|has|does|must|the|for|too|could|cannot|error|access|refresh|present|absent|provided|set|unset|default|env|file|vault|read|write|ring|length|\*+|x{3,}|\.{3,}|-+|#+|•+|\$\{?[\w.]{1,100}\}?|%\w{1,100}%?|\{\{?.{0,100})$/i;

/** Passwords in addresses, and values whose name says that they are secret. */
export const hideNamedSecrets: Detector = (text, hide) => {
  let written = text;
  if (text.includes('://') && text.includes('@'))
    written = written.replace(URL_PASSWORD, (whole, before: string, password: string) =>
      password.startsWith('[') || STATES.test(password) ? whole : before + hide('secret', password),
    );
  if (!MAY_BE_NAMED.test(written) && !/bearer|basic|identified/i.test(written)) return written;
  written = written.replace(SCHEME, (whole, before: string, value: string) =>
    isOpaque(value) ? before + hide('secret', value) : whole,
  );
  written = written.replace(
    NAMED,
    (whole, before: string, sign: string, quote: string | undefined, value: string) =>
      isSecretValue(before, sign, quote, value) ? before + hide('secret', value) : whole,
  );
  if (written.includes('-'))
    written = written.replace(OPTION, (whole, before: string, value: string) =>
      value.startsWith('[') || STATES.test(value) ? whole : before + hide('secret', value),
    );
  return written.replace(QUOTED_PASSWORD, (whole, before: string, value: string) =>
    value.startsWith('[') || STATES.test(value) ? whole : before + hide('secret', value),
  );
};

function isSecretValue(before: string, sign: string, quote: string | undefined, value: string): boolean {
  if (value.startsWith('[') || STATES.test(value.replace(/[.!?]+$/, ''))) return false;
  if (/^(?:sid|sig|signature|cookie|authorization|session|otp|pin)/i.test(before)) return isOpaque(value);
  // A count of tokens, a port, a length: no secret worth the name is a short number.
  if (/^\d{1,5}$/.test(value)) return /^pass|^pwd/i.test(before) && value.length >= 4;
  // "token: the value of ..." is a sentence; a value in quotes or right after the sign is a value.
  const isSentence = sign === ':' && !quote && /\s$/.test(before);
  return isSentence ? /\d|[^\w.-]/.test(value.replace(/[.,;:!?)]+$/, '')) : true;
}

/** Random characters rather than a word: with digits, or both cases in the middle of it. */
function isOpaque(value: string): boolean {
  return (
    value.length >= 8 &&
    !value.startsWith('[') &&
    (/\d/.test(value) || /[a-z][A-Z]{1,8}[a-z].*[A-Z]/.test(value) || value.endsWith('='))
  );
}
