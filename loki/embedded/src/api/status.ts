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

/** POST /flush: everything acknowledged is on disk already. */
export const flush: Endpoint = () => ({ status: 204, body: '', contentType: '' });
