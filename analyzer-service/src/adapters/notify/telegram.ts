import type { IncidentChannel } from '../../ports/incident-channel.ts';
import { postJson } from './post-json.ts';

const TEXT_CHARACTERS_MAX = 4_000;

export interface TelegramOptions {
  readonly apiUrl: string;
  readonly token: string;
  readonly chat: string;
  readonly timeoutMs: number;
}

/** A bot's message, changed when the incident does. Plain text: log lines are no markup. https://core.telegram.org/bots/api */
export function telegram({ apiUrl, token, chat, timeoutMs }: TelegramOptions): IncidentChannel {
  const base = `${apiUrl.replace(/\/+$/, '')}/bot${token}`;
  return {
    name: 'telegram',
    send: async (note, reference, signal) => {
      const options = { who: 'Telegram', timeoutMs, signal };
      const message = {
        chat_id: chat,
        text: note.text.slice(0, TEXT_CHARACTERS_MAX),
        link_preview_options: { is_disabled: true },
      };
      if (reference) {
        const edit = { ...message, message_id: Number(reference) };
        // 400 also says that nothing changed, or that somebody removed the message.
        const { status, text } = await postJson(`${base}/editMessageText`, edit, {
          ...options,
          understood: [400],
        });
        if (status !== 400 || text.includes('not modified')) return reference;
      }
      const { text } = await postJson(`${base}/sendMessage`, message, options);
      const id = /"message_id":\s*(\d+)/.exec(text)?.[1];
      if (!id) throw new Error('Telegram answered without the id of the message');
      return id;
    },
  };
}
