import { deleteLines } from '../api/delete.ts';
import { detectedFields, detectedFieldValues } from '../api/detected-fields.ts';
import { detectedLabels } from '../api/detected-labels.ts';
import { format } from '../api/format-query.ts';
import { indexStats } from '../api/index-stats.ts';
import { labels, labelValues, series } from '../api/labels.ts';
import { otlpLogs } from '../api/otlp.ts';
import { patterns } from '../api/patterns.ts';
import { push } from '../api/push.ts';
import { queryRange } from '../api/query-range.ts';
import { instantQuery } from '../api/query.ts';
import { volume, volumeRange } from '../api/volume.ts';
import { buildInfo, flush, metrics, ready } from '../api/status.ts';
import { LokiError } from '../errors.ts';
import type { Endpoint } from './api.ts';

type Route = { readonly methods: readonly string[]; readonly endpoint: Endpoint };

const read = (endpoint: Endpoint): Route => ({ methods: ['GET', 'POST'], endpoint });
const write = (endpoint: Endpoint): Route => ({ methods: ['POST', 'PUT'], endpoint });

const ROUTES: Readonly<Record<string, Route>> = {
  '/loki/api/v1/push': write(push),
  '/api/prom/push': write(push),
  '/otlp/v1/logs': write(otlpLogs),
  '/loki/api/v1/query_range': read(queryRange),
  '/loki/api/v1/query': read(instantQuery),
  '/loki/api/v1/labels': read(labels),
  '/loki/api/v1/label': read(labels),
  '/loki/api/v1/series': read(series),
  '/loki/api/v1/index/stats': read(indexStats),
  '/loki/api/v1/index/volume': read(volume),
  '/loki/api/v1/index/volume_range': read(volumeRange),
  '/loki/api/v1/detected_labels': read(detectedLabels),
  '/loki/api/v1/detected_fields': read(detectedFields),
  '/loki/api/v1/format_query': read(format),
  '/loki/api/v1/patterns': read(patterns),
  '/loki/api/v1/delete': { methods: ['GET', 'POST', 'PUT', 'DELETE'], endpoint: deleteLines },
  '/metrics': read(metrics),
  '/loki/api/v1/status/buildinfo': read(buildInfo),
  '/ready': read(ready),
  '/flush': write(flush),
};

const NAMED_ROUTES: readonly (readonly [RegExp, (name: string) => Endpoint])[] = [
  [/^\/loki\/api\/v1\/label\/([^/]+)\/values$/, labelValues],
  [/^\/loki\/api\/v1\/detected_field\/([^/]+)\/values$/, detectedFieldValues],
];

export function findRoute(path: string): Route | null {
  const route = ROUTES[path];
  if (route) return route;
  for (const [pattern, endpoint] of NAMED_ROUTES) {
    const name = pattern.exec(path)?.[1];
    if (name !== undefined) return read(endpoint(decodeName(name)));
  }
  return null;
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new LokiError(400, `the name ${JSON.stringify(text)} in the path is not encoded`, { cause });
  }
}
