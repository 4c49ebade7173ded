import { createTransport } from 'nodemailer';
import { AppError } from '../../errors.ts';
import type { IncidentChannel } from './incident-channel.ts';

export interface MailOptions {
  /** smtp://user:password@host:port, or smtps://. */
  readonly url: string;
  readonly from: string;
  readonly to: string;
  readonly timeoutMs: number;
}

const SUBJECT_CHARACTERS_MAX = 150;

/** One mail for each change, in one thread of the mail program. */
export function mail({ url, from, to, timeoutMs }: MailOptions): IncidentChannel {
  const limits = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
  return {
    name: 'mail',
    send: async (note, reference) => {
      const transport = createTransport({ url, ...limits });
      const threadId = `<${note.id}@sonde>`;
      try {
        await transport.sendMail({
          from,
          to,
          subject: `[${note.state}] ${note.title}`.replaceAll(/\s+/g, ' ').slice(0, SUBJECT_CHARACTERS_MAX),
          text: note.text,
          disableFileAccess: true,
          disableUrlAccess: true,
          ...(reference ? { inReplyTo: threadId, references: threadId } : { messageId: threadId }),
        });
        return threadId;
      } catch (error) {
        throw failureOf(error);
      } finally {
        transport.close();
      }
    },
  };
}

/** Not the error itself: its text may hold the address with its password. */
function failureOf(error: unknown): Error {
  const { code = 'no code', responseCode = 0 } = error as { code?: string; responseCode?: number };
  const said = `The mail server did not take the mail (${code}${responseCode ? `, ${responseCode}` : ''})`;
  return code === 'EAUTH' || responseCode >= 500
    ? new AppError('invalid_configuration', `${said}. Check SMTP_URL, MAIL_FROM and MAIL_TO.`)
    : new Error(said);
}
