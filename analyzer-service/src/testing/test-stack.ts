import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { startEmbeddedLoki } from '@sonde/loki-embedded';
import { type ScenarioName, generateSample, pushSample } from '@sonde/loki-sample';
import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { type Deps, connectDeps } from '../deps.ts';
import { type RunningService, startService } from '../main.ts';

/** A folder that goes away with the test. */
export async function testFolder(context: Pick<TestContext, 'after'>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sonde-test-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An empty embedded store that goes away with the test. */
export async function testStore(context: Pick<TestContext, 'after'>): Promise<{ readonly url: string }> {
  const dataDir = await testFolder(context);
  const store = await startEmbeddedLoki({ dataDir, port: 0, host: '127.0.0.1' });
  context.after(() => store.close());
  return store;
}

/** Nothing but what a test asks for reads from its Loki. */
const QUIET = { LOG_LEVEL: 'silent', LEARN_ENABLED: 'false' };

/** What the features work with, all of it real, for the Loki at `lokiUrl`. */
export async function testDeps(
  context: Pick<TestContext, 'after'>,
  lokiUrl: string,
  settings: Record<string, string> = {},
): Promise<Deps> {
  const DATA_DIR = settings.DATA_DIR ?? (await testFolder(context));
  const deps = await connectDeps(readConfig({ ...QUIET, LOKI_URL: lokiUrl, ...settings, DATA_DIR }));
  context.after(() => deps.close());
  return deps;
}

/** The app on top of that. */
export async function testApp(...stack: Parameters<typeof testDeps>) {
  return createApp(await testDeps(...stack));
}

/** The whole service on a free port, for the Loki at `lokiUrl`. */
export async function testService(
  context: Pick<TestContext, 'after'>,
  lokiUrl: string,
  settings: Record<string, string> = {},
): Promise<RunningService> {
  const DATA_DIR = settings.DATA_DIR ?? (await testFolder(context));
  const config = readConfig({ ...QUIET, LOKI_URL: lokiUrl, PORT: '0', ...settings, DATA_DIR });
  const service = await startService(config);
  context.after(() => service.close());
  return service;
}

/** The sample's fault in the last part of an hour that ended on a known second. */
export const SAMPLE_END_MS = Date.UTC(2026, 10, 20, 12, 0, 0);

export async function fillStore(
  url: string,
  scenario: ScenarioName | 'none',
  seed = 1,
  minutes = 60,
): Promise<number> {
  const startMs = SAMPLE_END_MS - minutes * 60_000;
  const lines = generateSample({ scenario, seed, linesPerSecond: 20, startMs, endMs: SAMPLE_END_MS });
  return (await pushSample(lines, { url })).lines;
}
