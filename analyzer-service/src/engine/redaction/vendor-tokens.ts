import type { Detector } from './detector.ts';

/** How the tokens of a vendor look, as its documentation or its tokens say. Each has a fixed beginning. */
const TOKENS: Readonly<Record<string, readonly string[]>> = {
  aws: ['(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{16}'],
  google: ['AIza[\\w-]{35}', 'ya29\\.[\\w-]{20,512}', 'GOCSPX-[\\w-]{24,40}'],
  github: ['gh[opsur]_[A-Za-z0-9]{36,255}', 'github_pat_[A-Za-z0-9_]{22,255}'],
  gitlab: ['gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[\\w-]{20,255}'],
  slack: ['xox[abceoprs]-[A-Za-z0-9-]{10,255}', 'xapp-[A-Za-z0-9-]{10,255}'],
  stripe: ['(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,255}', 'whsec_[A-Za-z0-9+/=]{24,255}'],
  openaiAndAnthropic: ['sk-(?=[\\w-]{0,64}\\d)[\\w-]{20,255}'],
  otherModels: [
    'hf_[A-Za-z0-9]{30,64}',
    'gsk_[A-Za-z0-9]{40,64}',
    'xai-[A-Za-z0-9]{40,100}',
    'pplx-[A-Za-z0-9]{40,64}',
    'r8_[A-Za-z0-9]{37,40}',
  ],
  packages: ['npm_[A-Za-z0-9]{36}', 'pypi-AgE[\\w-]{50,512}', 'dckr_pat_[\\w-]{20,64}'],
  mail: ['SG\\.[\\w-]{16,64}\\.[\\w-]{16,64}', 'key-[0-9a-f]{32}', 'xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}'],
  twilio: ['(?:AC|SK)[0-9a-f]{32}'],
  telegram: ['\\d{8,10}:AA[\\w-]{33}'],
  azure: ['[A-Za-z0-9_~.]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}'],
  clouds: [
    'do[opr]_v1_[0-9a-f]{64}',
    'dapi[0-9a-f]{32}',
    'hv[sbr]\\.[\\w-]{20,255}',
    'LTAI[A-Za-z0-9]{16,24}',
  ],
  tools: [
    'gls?[ac]_[A-Za-z0-9_=+/-]{24,255}',
    'ATATT3[\\w=-]{20,255}',
    'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}',
    'lin_api_[A-Za-z0-9]{32,64}',
    'NRAK-[A-Z0-9]{27}',
    'PMAK-[0-9a-f]{24}-[0-9a-f]{34}',
    'sntrys_[\\w=+/-]{40,255}',
    'sq0(?:atp|csp|idp)-[\\w-]{22,43}',
    'sonde_[0-9a-f]{12}_[\\w-]{43}',
  ],
};

const TOKEN = new RegExp(`(?<![A-Za-z0-9_])(?:${Object.values(TOKENS).flat().join('|')})`, 'g');
/** Beginnings of all of them: a line without any is done after one look. */
const MAY_HOLD =
  /AKIA|A[SCBGIRN][IACPDO]A|AIza|ya29|GOCSPX|gh[opsur]_|github_|gl[a-z]{2,5}[-_]|glc_|xox|xapp|[srp]k_|whsec|sk-|hf_|gsk_|xai-|pplx|r8_|npm_|pypi|dckr|SG\.|key-|xkey|AC[0-9a-f]|SK[0-9a-f]|:AA|Q~|do[opr]_|dapi|hv[sbr]\.|LTAI|ATATT|shp|lin_|NRAK|PMAK|sntrys|sq0|sonde_/;
const WEB_HOOK =
  /https:\/\/(?:hooks\.slack\.com\/(?:services|workflows)|discord(?:app)?\.com\/api\/webhooks)\/[\w/-]{20,200}/g;

export const hideVendorTokens: Detector = (text, hide) => {
  const written = MAY_HOLD.test(text) ? text.replace(TOKEN, (token) => hide('key', token)) : text;
  return written.includes('hooks') ? written.replace(WEB_HOOK, (address) => hide('key', address)) : written;
};

const JWT = /(?<![\w-])eyJ[\w-]{5,4096}(?:\.[\w-]{0,8192}){2,4}/g;

/** JSON web tokens, signed, encrypted, or without a signature. */
export const hideWebTokens: Detector = (text, hide) =>
  text.includes('eyJ') ? text.replace(JWT, (token) => hide('jwt', token)) : text;
