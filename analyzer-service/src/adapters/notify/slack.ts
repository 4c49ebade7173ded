import { AppError } from '../../errors.ts';
import type { IncidentChannel, IncidentNote } from '../../ports/incident-channel.ts';
import { postJson } from './post-json.ts';

const TEXT_CHARACTERS_MAX = 3_500;
/** Errors of Slack's API that pass: https://docs.slack.dev/reference/methods/chat.postMessage */
const PASSING =
  /"error":\s*"(ratelimited|rate_limited|internal_error|fatal_error|service_unavailable|request_timeout)"/;

/** An incoming webhook, which cannot change what it said: a resolved incident is a second message. */
export function slackWebhook(url: string, timeoutMs: number): IncidentChannel {
  return {
    name: 'slack',
    send: async (note, _, signal) => {
      await postJson(url, { text: textOf(note) }, { who: 'Slack', timeoutMs, signal });
      return null;
    },
  };
}

export interface SlackAppOptions {
  readonly apiUrl: string;
  readonly token: string;
  readonly channel: string;
  readonly timeoutMs: number;
}

/** An app with a bot token: the message about an incident is changed when the incident does. */
export function slackApp({ apiUrl, token, channel, timeoutMs }: SlackAppOptions): IncidentChannel {
  const headers = { authorization: `Bearer ${token}` };
  const call = async (method: string, body: object, signal: AbortSignal) => {
    const url = `${apiUrl.replace(/\/+$/, '')}/${method}`;
    const { text } = await postJson(url, body, { who: 'Slack', headers, timeoutMs, signal });
    if (/"ok":\s*true/.test(text)) return text;
    const said = `Slack refused: ${text.slice(0, 200)}`;
    // What is no answer of Slack comes from something on the way there.
    throw PASSING.test(text) || !/"ok":\s*false/.test(text)
      ? new Error(said)
      : new AppError('invalid_configuration', `${said}. Check SLACK_TOKEN and SLACK_CHANNEL.`);
  };
  return {
    name: 'slack',
    send: async (note, reference, signal) => {
      const [where, timestamp] = reference?.split(' ') ?? [];
      if (where && timestamp) {
        await call('chat.update', { channel: where, ts: timestamp, text: textOf(note) }, signal);
        return reference;
      }
      const answer = await call(
        'chat.postMessage',
        { channel, text: textOf(note), unfurl_links: false },
        signal,
      );
      const field = (name: string) => new RegExp(`"${name}":\\s*"([\\w.]+)"`).exec(answer)?.[1] ?? '';
      return `${field('channel') || channel} ${field('ts')}`;
    },
  };
}

/** Slack's three control characters: without them no log line can call a user or make a link. */
function textOf({ text }: IncidentNote): string {
  return text
    .slice(0, TEXT_CHARACTERS_MAX)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
