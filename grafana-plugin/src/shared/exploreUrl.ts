import { getDataSourceSrv } from '@grafana/runtime';
import type { RawWindow } from './timeWindow';

/** Grafana's Explore with a LogQL query; null where Grafana has no Loki to ask. */
export function exploreUrl(query: string, { from, to }: RawWindow): string | null {
  const [loki] = getDataSourceSrv().getList({ type: 'loki' });
  if (!loki) {
    return null;
  }
  const datasource = { type: 'loki', uid: loki.uid };
  const pane = {
    datasource: loki.uid,
    queries: [{ refId: 'A', expr: query, datasource }],
    range: { from, to },
  };
  const search = new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify({ sonde: pane }) });
  return `/explore?${search.toString()}`;
}
