import assert from 'node:assert/strict';
import { test } from 'node:test';
import { programEnvironment, readConfig } from './config.ts';
import type { AppError } from './errors.ts';

void test('an empty environment gives the defaults, frozen', () => {
  const config = readConfig({});
  assert.equal(config.PORT, 3200);
  assert.deepEqual(config.REQUEST_ID_FIELDS, ['correlation_id', 'trace_id', 'request_id']);
  assert.ok(Object.isFrozen(config));
});

void test('an empty value counts as not given', () => {
  assert.equal(readConfig({ LOKI_URL: '', PORT: '' }).LOKI_URL, undefined);
});

void test('one error lists every bad variable', () => {
  assert.throws(
    () =>
      readConfig({
        PORT: 'http',
        LOKI_URL: 'loki:3100',
        ALLOW_OPEN_ACCESS: 'yes',
        LINES_READ_MAX: '1',
        SERVICE_LABEL: 'a-b',
      }),
    (error: AppError) => {
      assert.equal(error.code, 'invalid_configuration');
      for (const name of ['PORT', 'LOKI_URL', 'ALLOW_OPEN_ACCESS', 'LINES_READ_MAX', 'SERVICE_LABEL']) {
        assert.ok(error.message.includes(`${name}:`), `${name} in ${error.message}`);
      }
      return true;
    },
  );
});

void test('the program of a model sees no setting and no secret, unless its entry names it', () => {
  const environment = { PATH: '/bin', DATABASE_URL: 'postgres://x', OPENAI_API_KEY: 'k', HF_TOKEN: 't' };
  assert.deepEqual(programEnvironment(['HF_TOKEN'], environment), { PATH: '/bin', HF_TOKEN: 't' });
});
