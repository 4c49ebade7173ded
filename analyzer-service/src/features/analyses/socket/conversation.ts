import { assertRole } from '../../../http/access.ts';
import type { Asking, Conversation } from '../../../http/socket-session.ts';
import type { Jobs } from '../../../ports.ts';
import type { Analyses } from '../analyses.ts';
import { readJson } from '../read-submission.ts';
import { type ClientMessage, clientMessageSchema, type ServerMessage } from './schema.ts';

export interface AnalysisConversationOptions {
  readonly analyses: Analyses;
  readonly jobs: Jobs;
  readonly models: () => Omit<Extract<ServerMessage, { type: 'models' }>, 'type'>;
  readonly status: () => Promise<Omit<Extract<ServerMessage, { type: 'server_status' }>, 'type'>>;
}

type AnalyzeLog = Extract<ClientMessage, { type: 'analyze_log' }>;

/** Logs analysed over a WebSocket. When the client goes, jobs go on. */
export function analysisConversation(options: AnalysisConversationOptions): Conversation<ClientMessage> {
  return {
    messages: clientMessageSchema,
    answer: async (message, asking) => {
      const send = (answer: ServerMessage) => asking.send(answer);
      if (message.type === 'get_models') return send({ type: 'models', ...options.models() });
      if (message.type === 'server_status')
        return send({ type: 'server_status', ...(await options.status()) });
      return analyze(options, message, asking, send);
    },
  };
}

async function analyze(
  { analyses, jobs }: AnalysisConversationOptions,
  { type: _type, request_id: _id, analysis_id, ...body }: AnalyzeLog,
  { caller, requestId: request_id, signal, record }: Asking,
  send: (answer: ServerMessage) => void,
): Promise<void> {
  if (analysis_id !== undefined) return follow(analysis_id);
  assertRole('analyst', caller);
  const submission = { ...readJson(body), actor: caller.id };
  send({ type: 'request_received', request_id });
  if (submission.asked.background) {
    const { id } = await analyses.inBackground(submission, jobs);
    await record(`/api/v1/analyses/${id}`);
    return follow(id);
  }
  const analysis = await analyses.now(submission, signal, (id, progress) =>
    send({ type: 'analysis_status', request_id, analysis_id: id, state: 'running', progress }),
  );
  await record(`/api/v1/analyses/${analysis.id}`);
  return send({ type: 'analysis_result', request_id, analysis });

  async function follow(id: string): Promise<void> {
    for await (const { state, progress } of analyses.follow(id, signal))
      send({ type: 'analysis_status', request_id, analysis_id: id, state, progress });
    if (!signal.aborted) send({ type: 'analysis_result', request_id, analysis: await analyses.one(id) });
  }
}
