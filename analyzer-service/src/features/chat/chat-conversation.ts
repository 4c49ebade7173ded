import { assertRole } from '../../http/access.ts';
import type { Conversation } from '../../http/socket-session.ts';
import { answerMessage } from './answer-message.ts';
import { type ChatOptions, openMessage } from './chat.ts';
import { type ChatMessage, chatMessageSchema, type ChatReply } from './schema.ts';

/** A chat over a WebSocket, piece by piece. When the client cancels or goes, the model stops; the message is kept. */
export function chatConversation(options: ChatOptions): Conversation<ChatMessage> {
  return {
    messages: chatMessageSchema,
    answer: async (message, { caller, requestId: request_id, signal, send, record }) => {
      assertRole('analyst', caller);
      const say = (reply: ChatReply) => send(reply);
      const open = await openMessage(options, message, caller);
      await record(`/api/v1/chat/${open.id}`);
      say({ type: 'session', request_id, session_id: open.id });
      const onText = (text: string) => say({ type: 'text', request_id, text });
      const answer = await answerMessage(options, open, message, signal, onText);
      say({ type: 'done', request_id, ...answer });
    },
  };
}
