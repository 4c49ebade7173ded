import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { createApiKey } from '../features/access/api-keys.ts';
import type { ChatAnswer, ChatSession, ChatSessions } from '../features/chat/schema.ts';
import { fakeOpenAi } from './fake-openai.ts';
import { testDatabase } from './test-access.ts';
import { type testApp, testFolder } from './test-stack.ts';

type Settings = Record<string, string>;
export type ChatApp = Awaited<ReturnType<typeof testApp>>;

/** Nothing here reads logs. */
export const NO_LOKI = 'http://127.0.0.1:9';

/** A model on a server of the test, and the settings that name it. `text` is what it always answers. */
export async function remoteModel(context: Pick<TestContext, 'after'>, text?: string) {
  const server = await fakeOpenAi(context, 'openai', text);
  const one = { kind: 'openai', preset: 'custom', model: 'a-model', base_url: server.baseUrl };
  return { ...server, settings: { MODELS_CONFIG: await modelsFile(context, { one }) } };
}

export async function modelsFile(context: Pick<TestContext, 'after'>, models: object): Promise<string> {
  const file = path.join(await testFolder(context), 'models.json');
  await writeFile(file, JSON.stringify({ models, chains: { chat: Object.keys(models) } }));
  return file;
}

export async function keyOf(
  context: Pick<TestContext, 'after'>,
  settings: Settings,
  role: 'viewer' | 'analyst' | 'admin',
) {
  const { db } = await testDatabase(context, settings);
  const { id, key } = await createApiKey(db, { name: role, role }, { actor: 'test', nowMs: Date.now() });
  return { id, headers: { 'x-api-key': key } };
}

export function posted(body: object, headers: Settings = {}, signal?: AbortSignal): RequestInit {
  const all = { 'content-type': 'application/json', ...headers };
  return { method: 'POST', headers: all, body: JSON.stringify(body), ...(signal && { signal }) };
}

/** Asks and checks the status. */
export async function ask<T>(app: ChatApp, url: string, init: RequestInit = {}, status = 200): Promise<T> {
  const response = await app.request(url, init);
  const text = await response.text();
  assert.equal(response.status, status, text);
  return (text ? JSON.parse(text) : null) as T;
}

export function say(app: ChatApp, body: object, headers: Settings = {}): Promise<ChatAnswer> {
  return ask(app, '/api/v1/chat', posted(body, headers));
}

export function sessions(app: ChatApp, headers: Settings = {}, query = ''): Promise<ChatSessions> {
  return ask(app, `/api/v1/chat${query}`, { headers });
}

export function session(app: ChatApp, id: string, headers: Settings = {}): Promise<ChatSession> {
  return ask(app, `/api/v1/chat/${id}`, { headers });
}

/** What a refusal says. */
export async function refusal(
  app: ChatApp,
  status: number,
  url: string,
  init: RequestInit = {},
): Promise<string> {
  const { error } = await ask<{ error: { code: string; message: string } }>(app, url, init, status);
  return `${error.code}: ${error.message}`;
}
