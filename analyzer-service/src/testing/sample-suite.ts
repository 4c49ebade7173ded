import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import type { ScenarioName } from '@sonde/loki-sample';
import { SAMPLE_END_MS, fillStore, testApp, testStore } from './test-stack.ts';

export interface SampleSuite {
  /** The JSON answer of an endpoint below /api/v1/ai_logs; fails unless it has this status. */
  readonly ask: (path: string, status?: number) => Promise<unknown>;
  readonly request: (path: string) => Promise<Response>;
  /** What the service says about itself at /openapi.json. */
  readonly describe: () => Promise<unknown>;
}

const END = new Date(SAMPLE_END_MS).toISOString();

/** Tests that only read one scenario of the sample: it is loaded once for all of them. */
export function sampleSuite(
  scenario: ScenarioName | 'none',
  tests: (suite: SampleSuite) => void,
  settings: Record<string, string> = {},
): void {
  void describe(`sample ${scenario}`, () => {
    const cleanups: (() => unknown)[] = [];
    let app: Awaited<ReturnType<typeof testApp>>;
    before(async () => {
      const context = { after: (cleanup: () => unknown) => void cleanups.unshift(cleanup) };
      const lokiUrl = (await testStore(context)).url;
      await fillStore(lokiUrl, scenario);
      app = await testApp(context, lokiUrl, settings);
    });
    after(async () => {
      for (const cleanup of cleanups) await cleanup();
    });
    const request = async (path: string) =>
      app.request(`/api/v1/ai_logs/${path}${path.includes('?') ? '&' : '?'}end=${END}`);
    tests({
      request,
      ask: async (path, status = 200) => {
        const response = await request(path);
        const text = await response.text();
        assert.equal(response.status, status, text.slice(0, 2_000));
        return JSON.parse(text) as unknown;
      },
      describe: async () => (await app.request('/openapi.json')).json(),
    });
  });
}
