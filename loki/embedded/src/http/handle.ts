import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Breather } from '../breather.ts';
import { LokiError } from '../errors.ts';
import { textAnswer, type Answer } from './answer.ts';
import type { Api } from './api.ts';
import { readRequest } from './request.ts';
import { findRoute } from './routes.ts';

/** Answers one request; whatever goes wrong becomes a status and one sentence. */
export async function handle(api: Api, message: IncomingMessage, response: ServerResponse): Promise<void> {
  api.bodies.releaseAfter(message, response);
  const gone = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const answer = await answerFor(api, message, gone.signal);
  const labels = `method="${message.method}",status_code="${answer.status}"`;
  api.metrics.add('loki_request_total', 'Requests answered.', labels, 1);
  if (response.destroyed) return;
  response.statusCode = answer.status;
  if (answer.contentType !== '') response.setHeader('content-type', answer.contentType);
  if (answer.status === 413) response.setHeader('connection', 'close');
  if (typeof answer.body === 'string') response.end(answer.body);
  else await pipeline(largerParts(answer.body), response).catch(() => response.destroy());
}

const PART_CHARACTERS = 65_536;

/** Small parts go together; other requests are served in between. */
async function* largerParts(parts: Iterable<string>): AsyncGenerator<string> {
  const breather = new Breather();
  let pending = '';
  for (const part of parts) {
    pending += part;
    if (pending.length < PART_CHARACTERS) continue;
    yield pending;
    pending = '';
    await breather.breathe();
  }
  yield pending;
}

async function answerFor(api: Api, message: IncomingMessage, signal: AbortSignal): Promise<Answer> {
  try {
    const request = await readRequest(message, signal, api.bodies);
    const route = findRoute(request.path);
    if (!route) return textAnswer(404, '404 page not found\n');
    if (!route.methods.includes(request.method)) return textAnswer(405, 'Method Not Allowed\n');
    return await route.endpoint(api, request);
  } catch (error) {
    if (error instanceof LokiError) return textAnswer(error.status, `${error.message}\n`);
    return textAnswer(500, `internal error: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
