import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testApp } from '../testing/test-stack.ts';

const NOWHERE = 'http://127.0.0.1:9';

void test('the description names every route with its parameters and answers', async (context) => {
  const app = await testApp(context, NOWHERE);
  const description = (await (await app.request('/openapi.json')).json()) as {
    openapi: string;
    paths: Record<
      string,
      Record<string, { parameters?: { name: string; schema: object }[]; responses: object }>
    >;
  };
  assert.match(description.openapi, /^3\.1/);
  const described = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = app.routes
    .filter(({ method, path }) => method !== 'ALL' && /^\/(api|v1)\//.test(path))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  assert.deepEqual([...new Set(served)].sort(), described.sort());
  const query = description.paths['/api/v1/ai_logs/query']?.get;
  const names = query?.parameters?.map(({ name }) => name) ?? [];
  for (const name of [
    'mode',
    'time_range',
    'start',
    'end',
    'services',
    'severity',
    'search',
    'correlation_id',
    'conversation_id',
    'workspace_id',
    'limit',
  ]) {
    assert.ok(names.includes(name), name);
  }
  assert.deepEqual(Object.keys(query?.responses ?? {}), ['200', '400', '401', '429', '502', '503', '504']);
});

void test('the page at /docs and all that it loads come from this service', async (context) => {
  const app = await testApp(context, NOWHERE);
  const page = await (await app.request('/docs')).text();
  const assets = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
  assert.ok(assets.length >= 3);
  for (const asset of assets) {
    assert.ok(asset.startsWith('/docs/'), asset);
    assert.equal((await app.request(asset)).status, 200, asset);
  }
});

void test('the description says how to send a key, and that health takes none', async (context) => {
  const app = await testApp(context, NOWHERE);
  const { components, security, paths } = (await (await app.request('/openapi.json')).json()) as {
    components: { securitySchemes: Record<string, { type: string; scheme?: string; name?: string }> };
    security: object[];
    paths: Record<string, { get: { security?: object[] } }>;
  };
  const { bearer, header } = components.securitySchemes;
  assert.deepEqual([bearer?.type, bearer?.scheme], ['http', 'bearer']);
  assert.deepEqual([header?.type, header?.name], ['apiKey', 'X-API-Key']);
  assert.deepEqual(security, [{ bearer: [] }, { header: [] }, {}]);
  assert.deepEqual(paths['/api/v1/ai_logs/health']?.get.security, []);
});
