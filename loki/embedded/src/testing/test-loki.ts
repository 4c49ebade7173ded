import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { startEmbeddedLoki, type EmbeddedLokiOptions } from '../server.ts';

/** A line of a test: its time in seconds after TEST_START_S, its text, its structured metadata. */
export type TestLine = readonly [seconds: number, line: string, metadata?: Readonly<Record<string, string>>];

export const TEST_START_S = 1_795_168_800;
const NANOSECONDS = 1_000_000_000n;

export const testTime = (seconds: number): string => String(BigInt(TEST_START_S + seconds) * NANOSECONDS);

/** A store on a folder of its own, spoken to over HTTP. */
export class TestLoki {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  post(endpoint: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + endpoint, {
      method: 'POST',
      body: typeof body === 'string' ? body : new Uint8Array(body),
      headers,
    });
  }

  get(
    endpoint: string,
    parameters: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${this.url}${endpoint}?${new URLSearchParams(parameters).toString()}`, { headers });
  }

  async push(
    labels: Readonly<Record<string, string>>,
    lines: readonly TestLine[],
    tenant?: string,
  ): Promise<void> {
    const values = lines.map(([seconds, line, metadata]) =>
      metadata ? [testTime(seconds), line, metadata] : [testTime(seconds), line],
    );
    const headers = { 'content-type': 'application/json', ...(tenant ? { 'x-scope-orgid': tenant } : {}) };
    const body = JSON.stringify({ streams: [{ stream: labels, values }] });
    const response = await this.post('/loki/api/v1/push', body, headers);
    if (response.status !== 204) throw new Error(`push: ${response.status} ${await response.text()}`);
  }

  /** The lines of a log query, oldest first, of the hour after TEST_START_S. */
  async lines(query: string, tenant?: string): Promise<string[]> {
    const { result } = await this.range(query, { direction: 'forward', limit: '5000' }, tenant);
    return (result as { values: [string, string][] }[])
      .flatMap(({ values }) => values)
      .toSorted(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0))
      .map(([, line]) => line);
  }

  /** The label sets of a log query's streams. */
  async streams(query: string): Promise<Record<string, string>[]> {
    const { result } = await this.range(query, { limit: '5000' });
    return (result as { stream: Record<string, string> }[]).map(({ stream }) => stream);
  }

  async range(
    query: string,
    parameters: Record<string, string> = {},
    tenant?: string,
  ): Promise<{ result: unknown[] }> {
    const range = { query, start: testTime(0), end: testTime(3600), ...parameters };
    const response = await this.get(
      '/loki/api/v1/query_range',
      range,
      tenant ? { 'x-scope-orgid': tenant } : {},
    );
    if (response.status !== 200) throw new Error(`${query}: ${response.status} ${await response.text()}`);
    return ((await response.json()) as { data: { result: unknown[] } }).data;
  }

  /** The samples of an instant metric query an hour after TEST_START_S, by their labels written as text. */
  async instant(query: string): Promise<Record<string, string>> {
    const response = await this.get('/loki/api/v1/query', { query, time: testTime(3600) });
    if (response.status !== 200) throw new Error(`${query}: ${response.status} ${await response.text()}`);
    const { result } = ((await response.json()) as { data: { result: unknown } }).data;
    if (typeof (result as unknown[])[0] === 'number') return { scalar: String((result as unknown[])[1]) };
    const samples = result as { metric: Record<string, string>; value: [number, string] }[];
    return Object.fromEntries(samples.map(({ metric, value }) => [labelText(metric), value[1]]));
  }

  /** The status and reason with which a query is refused. */
  async refusal(query: string): Promise<{ status: number; reason: string }> {
    const response = await this.get('/loki/api/v1/query_range', {
      query,
      start: testTime(0),
      end: testTime(3600),
    });
    return { status: response.status, reason: (await response.text()).trim() };
  }
}

const labelText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(',');

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sonde-loki-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function startTestLoki(
  t: TestContext,
  options: Partial<EmbeddedLokiOptions> = {},
): Promise<TestLoki> {
  const dataDir = options.dataDir ?? (await temporaryFolder(t));
  const loki = await startEmbeddedLoki({ ...options, dataDir });
  t.after(() => loki.close());
  return new TestLoki(loki.url);
}
