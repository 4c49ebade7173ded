import { createTransport } from 'nodemailer';
import { AppError } from '../../errors.ts';
import type { IncidentChannel } from '../../ports/incident-channel.ts';

export interface MailOptions {
  /** smtp://user:password@host:port, or smtps://. */
  readonly url: string;
  readonly from: string;
  readonly to: string;
  readonly timeoutMs: number;
}

const SUBJECT_CHARACTERS_MAX = 150;
/** A server that says a little now and then is given up after so many times the time limit of one answer. */
const MAIL_TIMEOUTS = 3;

/**
 * One mail for each change, in one thread of the mail program. A password goes over TLS only: a server that offers no
 * STARTTLS does not get it, unless the address ends with ?requireTLS=false.
 */
export function mail({ url, from, to, timeoutMs }: MailOptions): IncidentChannel {
  const limits = {
    requireTLS: url.includes('@') && url.startsWith('smtp:'),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
  return {
    name: 'mail',
    send: async (note, reference, signal) => {
      const transport = createTransport({ url, ...limits });
      const threadId = `<${note.id}@sonde>`;
      try {
        const sending = transport.sendMail({
          from,
          to,
          subject: `[${note.state}] ${note.title}`.replaceAll(/\s+/g, ' ').slice(0, SUBJECT_CHARACTERS_MAX),
          text: note.text,
          disableFileAccess: true,
          disableUrlAccess: true,
          ...(reference ? { inReplyTo: threadId, references: threadId } : { messageId: threadId }),
        });
        await inTime(sending, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs * MAIL_TIMEOUTS)]));
        return threadId;
      } catch (error) {
        throw failureOf(error);
      } finally {
        transport.close();
      }
    },
  };
}

/** The library has no signal: who waits goes, and the connection ends by its own limits. */
async function inTime(sending: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new Error('no answer in time'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([sending, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Not the error itself: its text may hold the address with its password. */
function failureOf(error: unknown): Error {
  const { code = 'no code', responseCode = 0 } = error as { code?: string; responseCode?: number };
  const said = `The mail server did not take the mail (${code}${responseCode ? `, ${responseCode}` : ''})`;
  // 4yz passes, says RFC 5321: also a log-in that is refused for now.
  if (responseCode >= 400 && responseCode < 500) return new Error(said);
  if (code === 'ETLS')
    return new AppError(
      'invalid_configuration',
      `The mail server offers no encryption, so that it did not get the password. Use smtps:// in SMTP_URL, or add ?requireTLS=false to it when the way there is safe.`,
    );
  return code === 'EAUTH' || responseCode >= 500
    ? new AppError('invalid_configuration', `${said}. Check SMTP_URL, MAIL_FROM and MAIL_TO.`)
    : new Error(said);
}
