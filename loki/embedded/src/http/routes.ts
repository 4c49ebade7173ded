import { labels, labelValues, series } from '../api/labels.ts';
import { push } from '../api/push.ts';
import { queryRange } from '../api/query-range.ts';
import { instantQuery } from '../api/query.ts';
import { buildInfo, flush, ready } from '../api/status.ts';
import type { Endpoint } from './api.ts';

type Route = { readonly methods: readonly string[]; readonly endpoint: Endpoint };

const read = (endpoint: Endpoint): Route => ({ methods: ['GET', 'POST'], endpoint });
const write = (endpoint: Endpoint): Route => ({ methods: ['POST', 'PUT'], endpoint });

const ROUTES: Readonly<Record<string, Route>> = {
  '/loki/api/v1/push': write(push),
  '/loki/api/v1/query_range': read(queryRange),
  '/loki/api/v1/query': read(instantQuery),
  '/loki/api/v1/labels': read(labels),
  '/loki/api/v1/label': read(labels),
  '/loki/api/v1/series': read(series),
  '/loki/api/v1/status/buildinfo': read(buildInfo),
  '/ready': read(ready),
  '/flush': write(flush),
};

const LABEL_VALUES = /^\/loki\/api\/v1\/label\/([^/]+)\/values$/;

export function findRoute(path: string): Route | null {
  const route = ROUTES[path];
  if (route) return route;
  const values = LABEL_VALUES.exec(path);
  return values ? read(labelValues(decodeURIComponent(values[1] ?? ''))) : null;
}
