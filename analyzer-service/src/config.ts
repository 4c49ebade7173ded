import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import { AppError } from './errors.ts';

const labelNames = z
  .string()
  .regex(/^\s*[a-zA-Z_]\w*(\s*,\s*[a-zA-Z_]\w*)*\s*$/, 'must be label names, separated by commas');

/**
 * The settings and their limits, each with unit and default. Every environment variable that the service reads is
 * one line here and one in `.env.example`.
 */
const settings = {
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port(3200),
  ALLOW_OPEN_ACCESS: flag(false),
  API_KEYS_REQUIRED: flag(false),
  CALLS_PER_MINUTE_MAX: count(600, 1, 1_000_000),
  CORS_ORIGINS: origins(),
  ALLOWED_HOSTS: words(),
  ALLOWED_IPS: addresses(),
  PAGE_ENABLED: flag(true),
  PLUGIN_DIR: z.string().min(1).optional(),
  DATA_DIR: z.string().min(1).default('data'),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('warn'),

  SERVICE_LOG_LINES_MAX: count(2_000, 10, 100_000),

  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }).optional(),
  DATABASE_CONNECTIONS_MAX: count(10, 1, 1_000),
  DATABASE_TIMEOUT_MS: count(10_000, 100, 600_000),
  AUDIT_DAYS_MAX: count(365, 1, 36_500),

  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// address' }).optional(),
  REDIS_TIMEOUT_MS: count(300, 10, 60_000),
  CACHE_LIVE_MS: count(10_000, 0, 3_600_000),
  CACHE_PAST_MS: count(3_600_000, 0, 7 * 24 * 3_600_000),
  CACHE_BYTES_MAX: count(64 << 20, 1 << 20, 1 << 34),

  LOKI_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  LOKI_PORT: port(3100),
  LOKI_TENANT: z.string().optional(),
  LOKI_USERNAME: z.string().optional(),
  LOKI_PASSWORD: z.string().optional(),
  LOKI_TOKEN: z.string().optional(),
  LOKI_CA_FILE: z.string().optional(),
  LOKI_TIMEOUT_MS: count(30_000, 100, 600_000),
  LOKI_RETRIES_MAX: count(2, 0, 10),
  LOKI_PARALLEL_QUERIES: count(4, 1, 64),
  LOKI_ENTRIES_PER_QUERY: count(5_000, 100, 100_000),
  LOKI_ANSWER_BYTES_MAX: count(64 << 20, 1 << 20, 1 << 30),
  LOKI_RANGE_HOURS_MAX: count(721, 1, 24 * 365),
  LOKI_BYTES_PER_ANSWER_MAX: count(50e9, 1e6, 1e15),

  SERVICE_LABEL: labelName('service_name'),
  LEVEL_LABEL: labelName('detected_level'),
  REQUEST_ID_FIELDS: list('correlation_id,trace_id,request_id'),

  PATTERNS_MAX: count(200, 1, 200),

  MODELS_CONFIG: z.string().min(1).optional(),
  MODELS_MEMORY_BYTES_MAX: count(8 * 2 ** 30, 1 << 20, 2 ** 42),
  MODEL_QUEUE_MAX: count(100, 1, 10_000),
  MODEL_TIMEOUT_MS: count(60_000, 100, 3_600_000),
  MODEL_IDLE_MS: count(30_000, 100, 600_000),
  MODEL_CACHE_MS: count(3_600_000, 0, 7 * 24 * 3_600_000),
  MODEL_LOAD_MS: count(120_000, 1_000, 3_600_000),
  MODEL_PROMPT_CHARS_MAX: count(100_000, 100, 10_000_000),
  MODEL_TOKENS_MAX: count(4_096, 1, 1_000_000),
  SUMMARY_TIMEOUT_MS: count(30_000, 500, 600_000),
  SUMMARY_PROMPT_TOKENS_MAX: count(3_000, 1_000, 8_000),
  SUMMARY_ANSWER_TOKENS_MAX: count(1_000, 100, 8_000),
  CHAT_MESSAGE_CHARS_MAX: count(16_000, 100, 1_000_000),
  CHAT_TURNS_MAX: count(200, 2, 2_000),
  CHAT_SESSIONS_MAX: count(200, 1, 100_000),
  CHAT_PROMPT_TOKENS_MAX: count(3_000, 100, 1_000_000),
  CHAT_DAYS_MAX: count(30, 1, 36_500),
  USAGE_DAYS_MAX: count(400, 1, 36_500),
  REDACT_LOCAL_MODELS: flag(true),
  REDACT_REMOTE_MODELS: flag(true),
  REDACTED_NAMES: words(),

  LEARN_ENABLED: flag(true),
  LEARN_SLICE_MINUTES: count(10, 1, 60),
  LEARN_SLICES_PER_RUN: count(6, 1, 1_000),
  LEARN_LINES_MAX: count(20_000, 100, 1_000_000),
  LEARN_TEMPLATES_MAX: count(2_000, 100, 20_000),
  LEARN_BACK_HOURS: count(24, 1, 24 * 30),
  LEARN_DAYS_MAX: count(30, 1, 3_650),
  NEW_PATTERN_LINES: flag(true),
  NEW_PATTERN_WARMUP_HOURS: count(24, 0, 24 * 30),

  ANALYSIS_BYTES_MAX: count(64 << 20, 1 << 10, 1 << 30),
  ANALYSIS_TIMEOUT_MS: count(300_000, 1_000, 3_600_000),
  UPLOADS_AT_ONCE_MAX: count(4, 1, 1_000),
  ANALYSES_AT_ONCE_MAX: count(2, 1, 100),
  ANALYSES_WAITING_MAX: count(50, 1, 10_000),
  ANALYSES_DAYS_MAX: count(30, 1, 36_500),
  ANALYSIS_KEYS: sealKeys(),

  MODEL_PRICES: z.string().max(1_000_000).optional(),

  LINES_READ_MAX: count(50_000, 1_000, 1_000_000),
  WINDOW_HOURS_MAX: count(24 * 7, 1, 24 * 365),
  ANSWER_TIMEOUT_MS: count(60_000, 1_000, 600_000),
  REQUEST_BODY_BYTES_MAX: count(1 << 20, 1_024, 1 << 28),
  REQUESTS_AT_ONCE_MAX: count(32, 1, 10_000),

  EXPORT_FILE_BYTES_MAX: count(2 ** 31, 1_024, 1e12),
  EXPORT_FILES_MAX: count(20, 1, 1_000),
  EXPORT_FILE_HOURS_MAX: count(24, 1, 24 * 365),
  EXPORT_LINES_MAX: count(2_000_000, 1_000, 1_000_000_000),
  EXPORT_TIMEOUT_MS: count(1_800_000, 1_000, 86_400_000),
  EXPORTS_AT_ONCE_MAX: count(4, 1, 100),

  STREAM_CLIENTS_MAX: count(2_000, 1, 100_000),
  STREAM_TAILS_MAX: count(10, 1, 1_000),
  STREAM_QUEUE_BYTES_MAX: count(1 << 20, 1 << 12, 1 << 28),
  STREAM_GAP_LINES_MAX: count(20_000, 100, 1_000_000),
  STREAM_METRICS_MS: count(5_000, 50, 60_000),

  ALERTS_USER: z.string().optional(),
  ALERTS_PASSWORD: z.string().optional(),
  ALERTS_HMAC_SECRET: z.string().optional(),
  ALERTS_HMAC_HEADER: z.string().min(1).default('X-Grafana-Alerting-Signature'),
  ALERTS_HMAC_TIMESTAMP_HEADER: z.string().min(1).default('X-Grafana-Alerting-Signature-Timestamp'),
  ALERTS_PER_CALL_MAX: count(500, 1, 10_000),
  INCIDENT_GROUP_MINUTES: count(10, 1, 24 * 60),
  INCIDENT_BEFORE_MINUTES: count(10, 1, 24 * 60),
  INCIDENT_AFTER_MINUTES: count(5, 1, 24 * 60),
  INCIDENT_DAYS_MAX: count(365, 1, 36_500),
  INCIDENT_LINES: flag(true),
  INCIDENT_LINK: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  NOTIFY_TEMPLATE: z.string().max(10_000).optional(),
  NOTIFY_TIMEOUT_MS: count(10_000, 100, 30_000),
  GRAFANA_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  GRAFANA_TOKEN: z.string().optional(),
  SLACK_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  SLACK_API_URL: z.url({ protocol: /^https?$/ }).default('https://slack.com/api'),
  SLACK_TOKEN: z.string().optional(),
  SLACK_CHANNEL: z.string().optional(),
  NOTIFY_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  NOTIFY_WEBHOOK_TOKEN: z.string().optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp or smtps address' }).optional(),
  MAIL_FROM: z.string().optional(),
  MAIL_TO: z.string().optional(),
  TELEGRAM_API_URL: z.url({ protocol: /^https?$/ }).default('https://api.telegram.org'),
  TELEGRAM_TOKEN: z.string().optional(),
  TELEGRAM_CHAT: z.string().optional(),
};

export type Config = Readonly<z.infer<ReturnType<typeof z.object<typeof settings>>>>;

/** The names of all settings, for the test that holds `.env.example` to them. */
export const SETTING_NAMES: readonly string[] = Object.keys(settings);

/** Reads the environment once. Throws `invalid_configuration` with every bad variable in one message. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(
    SETTING_NAMES.map((name) => [name, environment[name]]).filter(
      ([, value]) => value !== undefined && value !== '',
    ),
  );
  const parsed = z.object(settings).safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AppError('invalid_configuration', `Bad settings in the environment: ${problems.join('; ')}.`);
}

/** A key of a model, by the name of the variable that an entry of `MODELS_CONFIG` gives. */
export function readSecret(name: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  return environment[name] || undefined;
}

/**
 * What the program of a model gets to see: neither settings of the service nor what looks like a secret, but for
 * those of `passed`.
 */
export function programEnvironment(
  passed: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const hidden = new Set(SETTING_NAMES);
  const isSecret = (name: string) => hidden.has(name) || /KEY|TOKEN|SECRET|PASSW|CREDENTIAL/i.test(name);
  return Object.fromEntries(
    Object.entries(environment).filter(
      (pair): pair is [string, string] =>
        pair[1] !== undefined && (passed.includes(pair[0]) || !isSecret(pair[0])),
    ),
  );
}

function count(fallback: number, min: number, max: number) {
  return z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)
    .default(fallback);
}

function port(fallback: number) {
  return count(fallback, 0, 65_535);
}

function flag(fallback: boolean) {
  return z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default(fallback ? 'true' : 'false')
    .transform((word) => word === 'true');
}

function labelName(fallback: string) {
  return z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be a Loki label name')
    .default(fallback);
}

function origins() {
  return z
    .string()
    .regex(
      /^\s*https?:\/\/[^\s,/*]+(\s*,\s*https?:\/\/[^\s,/*]+)*\s*$/,
      'must be origins like https://grafana.example.org, separated by commas',
    )
    .optional()
    .transform((text) => text?.split(',').map((origin) => origin.trim()) ?? []);
}

/** Names and keys of 32 bytes, the current one first. */
function sealKeys() {
  return z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((part) => part.trim() !== ''))
    .refine(
      (parts) => parts.every((part) => /^\s*[\w.-]{1,63}:[A-Za-z0-9+/]{43}=\s*$/.test(part)),
      'must be name:key pairs, separated by commas; "openssl rand -base64 32" makes a key',
    )
    .transform((parts) =>
      parts.map((part) => {
        const [id = '', key = ''] = part.trim().split(':');
        return { id, key: Buffer.from(key, 'base64') };
      }),
    )
    .refine(
      (keys) => new Set(keys.map(({ id }) => id)).size === keys.length,
      'must have a name of its own for each key',
    );
}

/** Addresses and networks of IPv4 and IPv6, separated by commas. */
function addresses() {
  return words().refine(
    (networks) => networks.every(isNetwork),
    'must be addresses or networks like 10.0.0.0/8 or fd00::/8, separated by commas',
  );
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
  return bits > 0 && isPrefix && more.length === 0;
}

/** Any words, separated by commas. */
function words() {
  return z
    .string()
    .max(50_000)
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((word) => word.trim())
        .filter(Boolean),
    );
}

function list(fallback: string) {
  return labelNames.default(fallback).transform((names) => names.split(',').map((name) => name.trim()));
}
