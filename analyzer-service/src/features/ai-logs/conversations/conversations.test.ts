import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sampleSuite } from '../../../testing/sample-suite.ts';
import { answerSchema } from '../schema.ts';
import { workspaceAnswerSchema } from '../workspace/schema.ts';
import { conversationAnswerSchema } from './schema.ts';

const PRICES = { currency: 'EUR', models: { 'mistral-small-3.2': { input: 1, output: 10 } } };

sampleSuite(
  'model-limits',
  ({ ask, request }) => {
    const someConversation = async () => {
      const { details } = answerSchema.parse(await ask('query?mode=conversation&time_range=30m'));
      const conversations = details.conversations as { conversation_id: string; errors: number }[];
      const [first] = conversations;
      assert.ok(first && first.errors > 0);
      return first.conversation_id;
    };

    void it('a conversation: its turns in order, with models, tokens, latency and errors that add up', async () => {
      const id = await someConversation();
      const answer = conversationAnswerSchema
        .strict()
        .parse(await ask(`conversations/${id}?time_range=1h&limit=1000`));
      const { turns, totals, models } = answer;
      assert.ok(turns.length > 1);
      assert.deepEqual(
        turns.map(({ turn }) => turn),
        turns.map((_, index) => index + 1),
      );
      assert.ok(
        turns.every(({ started }, index) => index === 0 || started >= (turns[index - 1]?.started ?? '')),
      );
      const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
      assert.equal(sum(turns.map(({ tokens }) => tokens.total)), totals.tokens.total);
      assert.equal(sum(models.map(({ tokens }) => tokens.total)), totals.tokens.total);
      assert.equal(sum(models.map(({ calls }) => calls)), totals.calls);
      assert.ok(totals.tokens.total > 0 && totals.median_latency_ms);
      const failed = turns.filter(({ status }) => status === 'failed');
      assert.ok(failed.length > 0);
      assert.ok(failed.every(({ error }) => error?.level === 'error'));
      assert.match(answer.summary, /turns with .* calls of models by .* tokens/);
      assert.equal(answer.workspace_ids.length, 1);
    });

    void it('a conversation cut by the limit keeps the newest turns and says how many it left out', async () => {
      const id = await someConversation();
      const all = conversationAnswerSchema.parse(await ask(`conversations/${id}?time_range=1h`));
      const one = conversationAnswerSchema.parse(await ask(`conversations/${id}?time_range=1h&limit=1`));
      assert.deepEqual(one.turns, all.turns.slice(-1));
      assert.equal(one.turns_left_out, all.turns.length - 1);
      assert.deepEqual(one.totals, all.totals);
    });

    void it('a conversation or workspace that is not there: 404 with the ids that are', async () => {
      for (const path of ['conversations/conv-none', 'workspace/ws-none/summary']) {
        const response = await request(`${path}?time_range=30m`);
        assert.equal(response.status, 404);
        assert.match(await response.text(), /conv-none|ws-none.*workspace_id \(such as ws-/);
      }
    });

    void it('a workspace: usage by model and by day, which add up; cost where a price is known', async () => {
      const answer = workspaceAnswerSchema.strict().parse(await ask('workspace/ws-legal/summary'));
      const { totals, by_model, by_day, currency, warnings } = answer;
      const sum = (of: (row: (typeof by_model)[number] | (typeof by_day)[number]) => number) => [
        by_model.reduce((all, row) => all + of(row), 0),
        by_day.reduce((all, row) => all + of(row), 0),
      ];
      assert.deepEqual(
        sum(({ requests }) => requests),
        [totals.requests, totals.requests],
      );
      assert.deepEqual(
        sum(({ tokens }) => tokens.total),
        [totals.tokens.total, totals.tokens.total],
      );
      assert.ok(totals.requests > totals.failed && totals.failed > 0 && totals.retries > 0);
      assert.deepEqual(
        by_day.map(({ day }) => day),
        ['2026-11-19', '2026-11-20'],
      );
      const priced = by_model.find(({ model }) => model === 'mistral-small-3.2');
      assert.ok(priced && priced.price_known);
      assert.equal(priced.cost, (priced.tokens.total * 10) / 1e6);
      assert.ok(
        (priced.latency.p95_ms ?? 0) >= (priced.latency.p50_ms ?? 0) && priced.latency.p50_ms !== null,
      );
      assert.equal(totals.cost, null);
      assert.equal(currency, 'EUR');
      assert.match(warnings.join(' '), /No price is known of llama-3.1-8b-instruct .* MODEL_PRICES/);
    });

    void it("a workspace's tokens are those that its conversations tell", async () => {
      const lines = answerSchema.parse(
        await ask('query?mode=conversation&workspace_id=ws-legal&time_range=1h&limit=1000'),
      );
      const conversations = lines.details.conversations as { tokens_used: number }[];
      const told = conversations.reduce((all, { tokens_used }) => all + tokens_used, 0);
      const { totals } = workspaceAnswerSchema.parse(await ask('workspace/ws-legal/summary?time_range=1h'));
      assert.equal(totals.tokens.total, told);
    });
  },
  { MODEL_PRICES: JSON.stringify(PRICES) },
);
