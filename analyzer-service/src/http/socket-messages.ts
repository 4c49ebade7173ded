import { z } from '@hono/zod-openapi';

export const requestIdSchema = z
  .string()
  .min(1)
  .max(100)
  .openapi({ description: 'Your name for this request; every answer to it carries it' });

/** What every conversation over a WebSocket understands besides its own messages. */
export const sessionMessages = [
  z.strictObject({ type: z.literal('authentication'), api_key: z.string().min(1).max(500) }),
  z.strictObject({ type: z.literal('ping') }),
  z.strictObject({ type: z.literal('cancel'), request_id: requestIdSchema }),
] as const;
export type SessionMessage = z.infer<(typeof sessionMessages)[number]>;

/** What it says besides its own answers. */
export const sessionAnswers = [
  z.object({ type: z.literal('authenticated'), actor: z.string(), role: z.string() }),
  z.object({ type: z.literal('pong') }),
  z.object({
    type: z.literal('error'),
    code: z.string(),
    message: z.string(),
    request_id: requestIdSchema.optional(),
  }),
] as const;
export type SessionAnswer = z.infer<(typeof sessionAnswers)[number]>;

/** A request of a client. */
export interface SocketMessage {
  readonly type: string;
  readonly request_id?: string | undefined;
}
