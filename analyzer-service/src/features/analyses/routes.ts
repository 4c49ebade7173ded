import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { AppError } from '../../errors.ts';
import { requireRole } from '../../http/access.ts';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import { type SocketAccess, socketRoute } from '../../http/socket-route.ts';
import type { Jobs } from '../../ports.ts';
import { type AnalysisConversationOptions, analysisConversation } from './socket/conversation.ts';
import { serverMessageSchema } from './socket/schema.ts';
import type { Analyses } from './analyses.ts';
import { eventsOf } from './event-stream.ts';
import { readForm, readJson } from './read-submission.ts';
import {
  analysisHeadSchema,
  analysisRequestSchema,
  analysisSchema,
  idPathSchema,
  listQuerySchema,
  purgeQuerySchema,
} from './schema.ts';

const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });

const analyseRoute = createRoute({
  method: 'post',
  path: '/analyses',
  summary: 'What stands out in a pasted text or in uploaded files',
  description:
    'The same as `sonde analyze`: plain text, JSON, logfmt, access logs, klog and syslog, plain or packed with gzip, up to ANALYSIS_BYTES_MAX. Answers when it is done; with background=true it answers 202 at once, and /analyses/{id}/events tells how far it is. As multipart/form-data every part with a file name is a file, and the other fields are those of the JSON.',
  responses: {
    200: { description: 'The analysis', content: json(analysisSchema) },
    202: { description: 'A job has it', content: json(analysisHeadSchema) },
    ...errorAnswers(400, 401, 403, 404, 413, 429, 503),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: '/analyses',
  summary: 'The analyses that were made, newest first',
  request: { query: listQuerySchema },
  responses: {
    200: { description: 'A page', content: json(z.object({ analyses: z.array(analysisHeadSchema) })) },
    ...errorAnswers(400, 401, 404, 429, 503),
  },
});

const oneRoute = createRoute({
  method: 'get',
  path: '/analyses/{id}',
  summary: 'One analysis',
  request: { params: idPathSchema },
  responses: {
    200: { description: 'The analysis; its result is null until it is done', content: json(analysisSchema) },
    ...errorAnswers(400, 401, 404, 429, 500, 503),
  },
});

const eventsRoute = createRoute({
  method: 'get',
  path: '/analyses/{id}/events',
  summary: 'How far an analysis is, as server-sent events',
  description:
    'Events named analysis_status, each an AnalysisHead, and in the end analysis_result, an Analysis.',
  request: { params: idPathSchema },
  responses: {
    200: { description: 'Events', content: { 'text/event-stream': { schema: analysisHeadSchema } } },
    ...errorAnswers(400, 401, 404, 429, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/analyses/{id}',
  summary: 'Delete one analysis, and stop it when it runs',
  request: { params: idPathSchema },
  responses: { 204: { description: 'Deleted' }, ...errorAnswers(400, 401, 403, 404, 429, 503) },
});

const purgeRoute = createRoute({
  method: 'delete',
  path: '/analyses',
  summary: 'Delete all analyses, or those made before a time',
  description: 'Takes the role admin.',
  middleware: requireRole('admin'),
  request: { query: purgeQuerySchema },
  responses: {
    200: { description: 'Done', content: json(z.object({ removed: z.number() })) },
    ...errorAnswers(400, 401, 403, 429, 503),
  },
});

export function analysisSocketRoute(
  options: AnalysisConversationOptions,
  access: SocketAccess,
): OpenAPIHono<AppEnvironment> {
  const description = `\`{"type":"analyze_log","request_id":"1","text":"..."}\` has the fields of POST /api/v1/analyses, or the
\`analysis_id\` of one that is under way: \`request_received\`, \`analysis_status\` and \`analysis_result\` follow.
\`get_models\` and \`server_status\` are the other requests.`;
  return socketRoute(
    {
      path: '/analyses/socket',
      summary: 'Analyses over a WebSocket',
      description,
      answers: serverMessageSchema,
    },
    analysisConversation(options),
    access,
  );
}

export function analysesRoutes(analyses: Analyses, jobs: Jobs): OpenAPIHono<AppEnvironment> {
  const app = new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook });
  app.openAPIRegistry.register('AnalysisRequest', analysisRequestSchema);
  return app
    .openapi(analyseRoute, async (c) => {
      const submission = { ...(await readSubmission(c)), actor: c.get('caller').id };
      if (submission.asked.background) return c.json(await analyses.inBackground(submission, jobs), 202);
      return c.json(await analyses.now(submission, c.req.raw.signal), 200);
    })
    .openapi(listRoute, async (c) => {
      const { limit, before } = c.req.valid('query');
      return c.json({ analyses: [...(await analyses.list(limit, before))] }, 200);
    })
    .openapi(oneRoute, async (c) => c.json(await analyses.one(c.req.valid('param').id), 200))
    .openapi(eventsRoute, async (c) => {
      const { id } = c.req.valid('param');
      await analyses.head(id);
      const headers = {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      };
      return c.body(eventsOf(analyses, id, c.req.raw.signal), 200, headers) as never;
    })
    .openapi(deleteRoute, async (c) => {
      await analyses.remove(c.req.valid('param').id);
      return c.body(null, 204);
    })
    .openapi(purgeRoute, async (c) => {
      const { before } = c.req.valid('query');
      const beforeMs = before === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(before);
      return c.json({ removed: await analyses.store.removeBefore(beforeMs, c.req.raw.signal) }, 200);
    });
}

async function readSubmission(c: Context<AppEnvironment>) {
  const type = c.req.header('content-type') ?? '';
  try {
    if (/^multipart\/form-data/i.test(type)) return await readForm(await c.req.formData());
    if (/^application\/json/i.test(type)) return readJson(await c.req.json());
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('invalid_request', 'The body could not be read. Send JSON, or a form with files.', {
      cause: error,
    });
  }
  if (/^text\/plain/i.test(type)) return readJson({ text: await c.req.text() });
  throw new AppError(
    'invalid_request',
    'Send application/json, text/plain, or multipart/form-data with files.',
  );
}
