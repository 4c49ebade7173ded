import { hideNamedSecrets } from './named-secrets.ts';
import { hidePrivateKeys } from './private-keys.ts';
import { hideVendorTokens, hideWebTokens } from './vendor-tokens.ts';

const HIDDEN = '[hidden]';
const DETECTORS = [hidePrivateKeys, hideWebTokens, hideVendorTokens, hideNamedSecrets];
/** Addresses that are a password by themselves: incoming webhooks, and Telegram's bots. */
const WEBHOOK_ADDRESS =
  /https?:\/\/(?:hooks\.slack(?:-gov)?\.com|[\w.-]{1,100}\.webhook\.office\.com|(?:canary\.|ptb\.)?discord(?:app)?\.com\/api\/webhooks|api\.telegram\.org\/bot)[^\s"'<>|]{0,500}/g;

/**
 * The text for people without keys, tokens, passwords, addresses of webhooks, and the `known` secrets of the settings.
 * Unlike the Redactor it leaves IP and mail addresses, which tell who did it. Time in proportion to the text.
 */
export function hideSecrets(text: string, known: readonly string[] = []): string {
  let written = text;
  for (const secret of known) if (secret) written = written.replaceAll(secret, HIDDEN);
  written = written.replaceAll(WEBHOOK_ADDRESS, HIDDEN);
  for (const detector of DETECTORS) written = detector(written, () => HIDDEN);
  return written;
}
