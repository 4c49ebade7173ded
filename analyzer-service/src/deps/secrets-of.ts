import type { Config } from '../config.ts';

const SECRET_CHARACTERS_MIN = 4;
/** What is shorter within an address is a word rather than a secret: hiding it would hide the word everywhere. */
const PART_CHARACTERS_MIN = 8;

/**
 * What must never stand in an incident, a message or a log, whoever wrote it there: the secrets of the settings, and the
 * parts of addresses that are secret by themselves. The longest first, so that nothing of one is left over by another.
 */
export function secretsOf(config: Config): readonly string[] {
  const secrets = [
    config.ALERTS_PASSWORD,
    config.ALERTS_HMAC_SECRET,
    config.GRAFANA_TOKEN,
    config.SLACK_TOKEN,
    config.NOTIFY_WEBHOOK_TOKEN,
    config.TELEGRAM_TOKEN,
    // Before the colon stands the bot's number, which a template takes for a value.
    config.TELEGRAM_TOKEN?.split(':')[1],
    config.LOKI_TOKEN,
    config.LOKI_PASSWORD,
    ...[config.SLACK_WEBHOOK_URL, config.NOTIFY_WEBHOOK_URL].flatMap(partsOfWebhook),
    ...[config.SMTP_URL, config.DATABASE_URL, config.REDIS_URL, config.LOKI_URL].flatMap(passwordOf),
  ].filter((secret) => secret !== undefined && secret.length >= SECRET_CHARACTERS_MIN) as string[];
  return [...new Set(secrets)].sort((a, b) => b.length - a.length);
}

/** Whoever knows the path or the query of a webhook's address may call it. */
function partsOfWebhook(address: string | undefined): readonly string[] {
  if (!address || !URL.canParse(address)) return [];
  const { href, pathname, searchParams, username, password } = new URL(address);
  const parts = [...pathname.split('/'), ...searchParams.values(), username, password];
  const long = parts.filter(({ length }) => length >= PART_CHARACTERS_MIN);
  return [address, href, ...long, ...long.map(decoded)];
}

function passwordOf(address: string | undefined): readonly string[] {
  if (!address || !URL.canParse(address)) return [];
  const { username, password } = new URL(address);
  if (!password) return [];
  const isWord = password.length < PART_CHARACTERS_MIN || password === username;
  return isWord ? [address] : [address, password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
