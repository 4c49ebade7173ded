import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';

/** How the server meets a mail: takes it, refuses it with a line, says nothing, or goes. */
export type SmtpBehaviour =
  | 'takes'
  | 'hangs'
  | 'hangs after the mail'
  | 'cuts'
  | 'talks nonsense'
  | { readonly at: 'AUTH' | 'MAIL' | 'RCPT' | 'DATA'; readonly reply: string };

/** A mail server that offers passwords but no STARTTLS: keeps what it is told, and answers as the test says. */
export async function recordingSmtp(
  context: Pick<TestContext, 'after'>,
  behave: (connection: number) => SmtpBehaviour,
) {
  const mails: string[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    void converse(socket, behave(++connections), commands, mails);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, mails, commands, connections: () => connections };
}

async function converse(
  socket: Socket,
  behaviour: SmtpBehaviour,
  commands: string[],
  mails: string[],
): Promise<void> {
  const say = (reply: string) => socket.write(`${reply}\r\n`);
  if (behaviour === 'hangs') return;
  if (behaviour === 'cuts') {
    socket.destroy();
    return;
  }
  say(behaviour === 'talks nonsense' ? '<html>Sign in</html>' : '220 mail.example.org ESMTP');
  let mail: string[] | null = null;
  for await (const line of createInterface({ input: socket })) {
    if (mail && line !== '.') mail.push(line);
    else if (mail) {
      mails.push(mail.join('\n'));
      mail = null;
      if (behaviour !== 'hangs after the mail') say('250 taken');
    } else {
      commands.push(line);
      const verb = line.split(/[ :]/)[0]?.toUpperCase() ?? '';
      if (typeof behaviour === 'object' && behaviour.at === verb) say(behaviour.reply);
      else if (verb === 'EHLO') say('250-mail.example.org\r\n250 AUTH PLAIN');
      else if (verb === 'AUTH') say('235 welcome');
      else if (verb === 'STARTTLS') say('502 5.5.1 not here');
      else if (verb === 'DATA') {
        mail = [];
        say('354 go on');
      } else if (verb === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('250 ok');
    }
  }
}
