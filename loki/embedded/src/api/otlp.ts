import { badRequest } from '../errors.ts';
import type { Endpoint } from '../http/api.ts';
import { decodeOtlpJson } from '../ingest/otlp-json.ts';
import { decodeOtlpProtobuf } from '../ingest/otlp-protobuf.ts';
import { streamsOfOtlp } from '../ingest/otlp.ts';
import { decodeUtf8 } from '../ingest/utf8.ts';
import { contentTypeOf, storeStreams } from './push.ts';

/** POST /otlp/v1/logs */
export const otlpLogs: Endpoint = async (api, request) => {
  const type = contentTypeOf(request);
  if (type !== 'application/json' && type !== 'application/x-protobuf')
    throw badRequest(
      `content type "${type}" is not supported: send application/x-protobuf or application/json`,
    );
  const body = await request.body();
  return api.pushSlots.run(() => {
    const resources =
      type === 'application/json' ? decodeOtlpJson(decodeUtf8(body)) : decodeOtlpProtobuf(body);
    return storeStreams(api, request, streamsOfOtlp(resources, api.now()));
  });
};
