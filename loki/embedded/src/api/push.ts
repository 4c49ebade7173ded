import { badRequest, LokiError } from '../errors.ts';
import type { Endpoint } from '../http/api.ts';
import { noContent } from '../http/answer.ts';
import type { LokiRequest } from '../http/request.ts';
import { acceptStreams } from '../ingest/accept.ts';
import { decodeJsonPush } from '../ingest/json-push.ts';
import type { PushedStream } from '../ingest/pushed-stream.ts';
import type { Api } from '../http/api.ts';

/** POST /loki/api/v1/push */
export const push: Endpoint = async (api, request) => {
  const body = await request.body();
  return storeStreams(api, request, decode(request, body));
};

function decode({ headers }: LokiRequest, body: Buffer): PushedStream[] {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json') return decodeJsonPush(body.toString('utf8'));
  throw badRequest(`Content-Type "${type}" is not supported: send application/json`);
}

/** Stores what is acceptable; when anything was refused the answer says why, and the rest is kept. */
export async function storeStreams(api: Api, request: LokiRequest, pushed: readonly PushedStream[]) {
  const [tenant, ...others] = request.tenants;
  if (tenant === undefined || others.length > 0)
    throw badRequest('a push goes to one tenant: send one X-Scope-OrgID');
  const { lines, refusal } = acceptStreams(pushed, tenant, api.store.streams, api.limits, api.now());
  if (lines.lines.length > 0) {
    try {
      await api.store.append(lines);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LokiError(500, `the lines could not be stored, send them again: ${reason}`, { cause });
    }
  }
  if (refusal) throw refusal;
  return noContent;
}
