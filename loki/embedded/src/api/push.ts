import { Breather } from '../breather.ts';
import { badRequest, LokiError } from '../errors.ts';
import type { Endpoint } from '../http/api.ts';
import { noContent } from '../http/answer.ts';
import type { LokiRequest } from '../http/request.ts';
import { acceptStreams } from '../ingest/accept.ts';
import { decodeJsonPush } from '../ingest/json-push.ts';
import { decodeProtobufPush } from '../ingest/protobuf-push.ts';
import { decompressSnappy } from '../ingest/snappy.ts';
import { decodeUtf8 } from '../ingest/utf8.ts';
import type { PushedStream } from '../ingest/pushed-stream.ts';
import type { NewLines } from '../store/writer.ts';
import type { Api } from '../http/api.ts';

/** POST /loki/api/v1/push */
export const push: Endpoint = async (api, request) => {
  const body = await request.body();
  return api.pushSlots.run(async () =>
    storeStreams(api, request, await decode(request, body, api.limits.bodyBytesMax)),
  );
};

/** Anything that is not said to be JSON is snappy-compressed protobuf, as Loki takes it. */
async function decode(request: LokiRequest, body: Buffer, bytesMax: number): Promise<PushedStream[]> {
  if (contentTypeOf(request) === 'application/json') return decodeJsonPush(decodeUtf8(body), new Breather());
  return decodeProtobufPush(decompressSnappy(body, bytesMax));
}

export const contentTypeOf = ({ headers }: LokiRequest): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** Stores what is acceptable; when anything was refused the answer says why, and the rest is kept. */
export async function storeStreams(api: Api, request: LokiRequest, pushed: readonly PushedStream[]) {
  const [tenant, ...others] = request.tenants;
  if (tenant === undefined || others.length > 0)
    throw badRequest('a push goes to one tenant: send one X-Scope-OrgID');
  const { lines, refusal } = await acceptStreams(pushed, tenant, api.store.streams, api.limits, api.now());
  if (lines.lines.length > 0) {
    try {
      await api.store.append(lines);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LokiError(500, `the lines could not be stored, send them again: ${reason}`, { cause });
    }
  }
  countLines(api, tenant, lines, pushed);
  if (refusal) throw refusal;
  return noContent;
}

function countLines(
  { metrics }: Api,
  tenant: string,
  { lines }: NewLines,
  pushed: readonly PushedStream[],
): void {
  const labels = `tenant="${tenant}"`;
  metrics.add('loki_distributor_lines_received_total', 'Lines stored or repeated.', labels, lines.length);
  const refused = pushed.reduce((total, stream) => total + stream.lines.length, 0) - lines.length;
  metrics.add('loki_discarded_samples_total', 'Lines refused.', labels, refused);
}
