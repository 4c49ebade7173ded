import { z } from '@hono/zod-openapi';
import {
  requestIdSchema,
  sessionAnswers,
  type SessionMessage,
  sessionMessages,
} from '../../http/socket-messages.ts';

const ID = '0d9ce3a2-6f2b-4b39-8f0e-0a4fc0a2a3c1';
const time = z.string().openapi({ example: '2026-11-20T10:00:00.000Z' });
const sessionId = z.uuid().openapi({ example: ID });
const tokensSchema = z.object({ prompt: z.number(), answer: z.number(), total: z.number() });

const fields = {
  session_id: sessionId.optional().openapi({ description: 'A new session if not given' }),
  message: z.string().min(1).optional(),
  retry: z
    .boolean()
    .default(false)
    .openapi({ description: 'Instead of a message: send the last one again, which no model answered' }),
  model: z.string().min(1).max(100).optional().openapi({ description: 'Without it, the chain "chat"' }),
  instruction: z.string().max(2_000).optional().openapi({
    description: 'How the model should answer; kept with the session until another one is given',
  }),
  temperature: z.number().min(0).max(2).default(0),
  max_tokens: z.int().min(1).default(512),
};

export type ChatWishes = z.output<z.ZodObject<typeof fields>>;

const isAnswerable = ({ message, retry, session_id }: ChatWishes) =>
  retry ? message === undefined && session_id !== undefined : message !== undefined;
const ANSWERABLE =
  'give a message, or the session_id of a session whose last message is to be sent again with retry';

export const chatBodySchema = z
  .strictObject({
    ...fields,
    stream: z.boolean().default(false).openapi({ description: 'Answer as server-sent events' }),
  })
  .refine(isAnswerable, ANSWERABLE)
  .openapi('ChatBody', {
    example: { message: 'What does ECONNREFUSED mean?', instruction: 'Answer in one sentence.' },
  });
export type ChatRequest = z.input<typeof chatBodySchema>;

export const chatAnswerSchema = z
  .object({
    session_id: sessionId,
    turn: z.number().openapi({ description: 'Number of the answer in its session' }),
    message: z.string(),
    model: z.string(),
    local: z.boolean().openapi({ description: 'The model runs on this machine' }),
    tokens_used: tokensSchema,
    processing_time: z.number().openapi({ description: 'Milliseconds' }),
    timestamp: time,
    turns_left_out: z
      .number()
      .openapi({ description: 'Older turns that the model did not see, because they do not fit' }),
    redacted: z.record(z.string(), z.number()).nullable().openapi({
      description: 'Values hidden from the model, by kind; null when nothing was hidden on purpose',
    }),
    kept: z.boolean().openapi({ description: 'False when the answer could not be kept in the session' }),
    warnings: z.array(z.string()),
  })
  .openapi('ChatAnswer', {
    example: {
      session_id: ID,
      turn: 2,
      message: 'Nothing listens at that address and port.',
      model: 'local',
      local: true,
      tokens_used: { prompt: 74, answer: 9, total: 83 },
      processing_time: 812,
      timestamp: '2026-11-20T10:00:00.000Z',
      turns_left_out: 0,
      redacted: {},
      kept: true,
      warnings: [],
    },
  });
export type ChatAnswer = z.infer<typeof chatAnswerSchema>;

/** What a client may send over a WebSocket. */
export const chatMessageSchema = z.discriminatedUnion('type', [
  ...sessionMessages,
  z
    .strictObject({ type: z.literal('chat'), request_id: requestIdSchema.optional(), ...fields })
    .refine(isAnswerable, ANSWERABLE),
]);
export type ChatMessage = Exclude<z.infer<typeof chatMessageSchema>, SessionMessage>;

/** What the service says there. */
export const chatReplySchema = z
  .discriminatedUnion('type', [
    ...sessionAnswers,
    z.object({ type: z.literal('session'), request_id: requestIdSchema, session_id: sessionId }),
    z.object({ type: z.literal('text'), request_id: requestIdSchema, text: z.string() }),
    chatAnswerSchema.extend({ type: z.literal('done'), request_id: requestIdSchema }),
  ])
  .openapi('ChatMessage');
export type ChatReply = z.infer<typeof chatReplySchema>;

const chatHeadSchema = z
  .object({
    id: sessionId,
    title: z.string().nullable().openapi({
      description: 'Beginning of the first message; null when its key is not in ANALYSIS_KEYS',
      example: 'What does ECONNREFUSED mean?',
    }),
    actor: z.string().openapi({ description: 'Id of the API key that it belongs to' }),
    created: time,
    updated: time,
    turns: z.number(),
    answering: z.boolean().openapi({ description: 'An answer is being written' }),
    encrypted: z.boolean(),
  })
  .openapi('ChatSessionHead');
export type ChatSessionHead = z.infer<typeof chatHeadSchema>;

const turnSchema = z
  .object({
    turn: z.number(),
    role: z.enum(['user', 'assistant']),
    state: z.enum(['waiting', 'done', 'failed']).openapi({
      description:
        'A failed message has no answer; retry sends it again. The model does not see it otherwise',
    }),
    message: z.string(),
    created: time,
    error: z.string().nullable(),
    model: z.string().nullable(),
    tokens_used: tokensSchema.nullable(),
    processing_time: z.number().nullable(),
  })
  .openapi('ChatTurn');
export type ChatTurn = z.infer<typeof turnSchema>;

export const chatSessionSchema = chatHeadSchema
  .extend({ instruction: z.string(), messages: z.array(turnSchema) })
  .openapi('ChatSession');
export type ChatSession = z.infer<typeof chatSessionSchema>;

export const chatListSchema = z.object({ sessions: z.array(chatHeadSchema) }).openapi('ChatSessions');
export type ChatSessions = z.infer<typeof chatListSchema>;

export const chatListQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.uuid().optional().openapi({
    description: 'Id of the last one of the page before',
    example: ID,
  }),
});

export const chatPathSchema = z.object({
  id: z.uuid().openapi({ param: { name: 'id', in: 'path' }, example: ID }),
});
