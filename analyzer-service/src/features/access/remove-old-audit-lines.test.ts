import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventually, testDatabase } from '../../testing/test-access.ts';
import { onBothDatabases } from '../../testing/test-databases.ts';
import { testApp } from '../../testing/test-stack.ts';
import type { Health } from '../health/schema.ts';

const NOWHERE = 'http://127.0.0.1:9';
const DAY_MS = 24 * 3_600_000;

onBothDatabases((newDatabase) => {
  void it('a service that starts removes what is older than AUDIT_DAYS_MAX, in a background job', async (context) => {
    const settings = { ...(await newDatabase()), AUDIT_DAYS_MAX: '30' };
    const { db } = await testDatabase(context, settings);
    const lineOf = (id: string, daysAgo: number) => {
      const rest = { actor: 'test', action: 'wrote', target: 'a line' };
      return { id, time_ms: Date.now() - daysAgo * DAY_MS, ...rest };
    };
    const old = Array.from({ length: 2_500 }, (_, index) => lineOf(`old ${index}`, 31));
    for (let from = 0; from < old.length; from += 500) {
      await db
        .insertInto('audit_log')
        .values(old.slice(from, from + 500))
        .execute();
    }
    await db.insertInto('audit_log').values(lineOf('recent', 29)).execute();
    const app = await testApp(context, NOWHERE, settings);
    await eventually(async () => {
      const lines = await db.selectFrom('audit_log').select('id').limit(2).execute();
      return lines.map(({ id }) => id).join() === 'recent';
    });
    const health = (await (await app.request('/api/v1/ai_logs/health')).json()) as Health;
    const { status, failed } = health.dependencies.queue;
    assert.deepEqual([status, failed], ['up', 0]);
  });
});
