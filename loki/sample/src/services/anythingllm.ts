import type { Hop, Request } from '../request.ts';
import type { SampleLevel } from '../sample-line.ts';
import type { Conversation } from '../shop.ts';
import { isoTime } from '../time-format.ts';
import { queryDatabase } from './database.ts';

/** The chat assistant, Node with JSON lines; `level` comes first, the model's figures are fields of the line. */
export function chat(request: Request, conversation: Conversation): number {
  const hop = request.enter('anythingllm');
  request.pass(3);
  writeChat(
    request,
    hop,
    'info',
    'chat message received',
    `,"workspace_id":"${conversation.workspaceId}","conversation_id":"${conversation.conversationId}"`,
  );
  if (!queryDatabase(request, 'anythingllm', 'SELECT chunk FROM embeddings ORDER BY vector <=> $1 LIMIT 8'))
    return 500;
  const status = callModel(request, hop);
  if (status !== 200) return status;
  request.pass(2);
  if (
    !queryDatabase(
      request,
      'anythingllm',
      'INSERT INTO messages (conversation_id, role, body) VALUES ($1, $2, $3)',
    )
  ) {
    writeChat(
      request,
      hop,
      'error',
      'message could not be stored',
      `,"conversation_id":"${conversation.conversationId}"`,
    );
    return 500;
  }
  return 200;
}

const MODELS = ['llama-3.3-70b-instruct', 'llama-3.1-8b-instruct', 'mistral-small-3.2'];
const MODEL_DEADLINE_MS = 20_000;

function callModel(request: Request, hop: Hop): number {
  const model = request.random.pick(MODELS);
  if (request.random.chance(request.conditions.modelRateLimit + 0.004)) {
    writeChat(
      request,
      hop,
      'warn',
      'model call refused: 429 rate limit reached, trying again',
      `,"model":"${model}","retry_after_s":${request.random.integer(2, 20)}`,
    );
    request.pass(1200, 0.3);
    if (request.random.chance(request.conditions.modelRateLimit)) {
      writeChat(
        request,
        hop,
        'error',
        'model call failed: 429 Too Many Requests',
        `,"model":"${model}","attempts":2,"error":"rate_limit_exceeded"`,
      );
      return 503;
    }
  }
  const calledMs = request.timeMs;
  if (request.random.chance(request.conditions.modelTimeout)) {
    request.timeMs += MODEL_DEADLINE_MS;
    writeChat(
      request,
      hop,
      'error',
      'model call timed out',
      `,"model":"${model}","deadline_ms":${MODEL_DEADLINE_MS},"error":"the model gave no answer within ${MODEL_DEADLINE_MS / 1000} s"`,
    );
    return 504;
  }
  const tokensUsed = Math.round(request.random.logNormal(620, 0.45));
  request.pass(250 + tokensUsed * 1.6, 0.2);
  const tookMs = Math.round(request.timeMs - calledMs);
  writeChat(
    request,
    hop,
    'info',
    'model call finished',
    `,"model":"${model}","tokens_used":${tokensUsed},"duration":"${tookMs}ms"`,
    { ...hop.metadata, model, tokens_used: String(tokensUsed), duration: `${tookMs}ms` },
  );
  return 200;
}

function writeChat(
  request: Request,
  hop: Hop,
  level: SampleLevel,
  message: string,
  detail: string,
  metadata = hop.metadata,
): void {
  request.log(
    hop,
    level,
    `{"level":"${level}","message":"${message}"${detail},"correlation_id":"${request.correlationId}","timestamp":"${isoTime(request.timeMs)}"}`,
    metadata,
  );
}
