import { jsonAnswer, textAnswer } from '../http/answer.ts';
import type { Endpoint } from '../http/api.ts';

/** The version of Loki whose answers are given. */
const LOKI_VERSION = '3.4.6';

export const ready: Endpoint = () => textAnswer(200, 'ready\n');

export const buildInfo: Endpoint = () =>
  jsonAnswer({
    version: LOKI_VERSION,
    revision: 'embedded',
    branch: 'embedded',
    buildUser: '',
    buildDate: '',
    goVersion: '',
  });

/** GET /metrics */
export const metrics: Endpoint = (api) => ({
  status: 200,
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  body: api.metrics.write({
    loki_ingester_memory_streams: api.store.streams.size,
    sonde_loki_stored_lines: api.store.lines,
    process_resident_memory_bytes: process.memoryUsage.rss(),
  }),
});

/** POST /flush: everything acknowledged is on disk already. */
export const flush: Endpoint = () => ({ status: 204, body: '', contentType: '' });
