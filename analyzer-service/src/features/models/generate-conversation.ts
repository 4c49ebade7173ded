import { assertRole } from '../../http/access.ts';
import type { Conversation } from '../../http/socket-session.ts';
import { type ModelRoutesOptions, requestOf, writeGenerated } from './request-of.ts';
import { type GenerateAnswer, type GenerateMessage, generateMessageSchema } from './schema.ts';

/** Text of a model over a WebSocket, piece by piece. When the client cancels or goes, the model stops. */
export function generateConversation({ models, limits }: ModelRoutesOptions): Conversation<GenerateMessage> {
  return {
    messages: generateMessageSchema,
    answer: async ({ prompt, ...wishes }, { caller, requestId: request_id, signal, send, record }) => {
      assertRole('analyst', caller);
      const say = (answer: GenerateAnswer) => send(answer);
      const request = requestOf(prompt, wishes, limits, signal);
      const onText = (text: string) => say({ type: 'text', request_id, text });
      const generated = await models.generate({ ...request, onText });
      await record('/api/v1/generate');
      say({ type: 'done', request_id, ...writeGenerated({ ...generated, cached: false }) });
    },
  };
}
