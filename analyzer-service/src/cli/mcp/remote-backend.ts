import {
  type CallToolResult,
  CallToolResultSchema,
  ListResourcesResultSchema,
  ReadResourceResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { AgentBackend } from '../../features/ai-logs/mcp/agent-backend.ts';

const answerSchema = z.object({
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});
const MESSAGE_CHARACTERS_MAX = 1_000;
/** Longer than the analyzer takes for any answer. */
const TIMEOUT_MS = 120_000;

/**
 * The tools of an analyzer elsewhere. It keeps nothing between two calls, so that each is made on its own: one that
 * meets a restart fails with what to do, the next one works.
 */
export function remoteBackend(url: string, key: string | undefined): AgentBackend {
  const address = addressOf(url);
  const ask = <T>(method: string, params: object, schema: z.ZodType<T>, signal: AbortSignal) =>
    post(address, key, method, params, schema, signal);
  return {
    callTool: (name, given, signal) =>
      ask('tools/call', { name, arguments: given ?? {} }, CallToolResultSchema, signal).catch(failed),
    listResources: async (signal) =>
      (await ask('resources/list', {}, ListResourcesResultSchema, signal)).resources,
    readResource: (uri, signal) => ask('resources/read', { uri }, ReadResourceResultSchema, signal),
  };
}

function addressOf(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return `${url.replace(/\/+$/, '')}/mcp`;
  throw new AppError('invalid_request', `--url takes an address such as http://127.0.0.1:3200.`);
}

async function post<T>(
  address: string,
  key: string | undefined,
  method: string,
  params: object,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(key ? { authorization: `Bearer ${key}` } : {}),
  };
  let response: Response;
  let text: string;
  try {
    const both = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    response = await fetch(address, { method: 'POST', headers, body, signal: both });
    text = await response.text();
  } catch (error) {
    throw new AppError(
      'loki_unreachable',
      `No analyzer answers at ${address}, it may be starting again. Make the same call in a few seconds; if it stays so, start one with "npm start" or "sonde serve", or check --url.`,
      { cause: error },
    );
  }
  const answer = answerSchema.safeParse(parse(text));
  const result = schema.safeParse(answer.data?.result);
  if (response.ok && result.success) return result.data;
  throw new AppError(
    response.status === 401 ? 'unauthorized' : 'invalid_request',
    (
      answer.data?.error?.message ??
      `${address} answered with status ${response.status}, which is not a Sonde analyzer. Check --url.`
    ).slice(0, MESSAGE_CHARACTERS_MAX),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function failed(error: unknown): CallToolResult {
  if (!(error instanceof AppError)) throw error;
  const { code, message } = error;
  const advice = code === 'unauthorized' ? ' Set SONDE_API_KEY in the environment of "sonde mcp".' : '';
  return { isError: true, content: [{ type: 'text', text: `error ${code}: ${message}${advice}` }] };
}
