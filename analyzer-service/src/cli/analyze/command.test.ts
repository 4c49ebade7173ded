import assert from 'node:assert/strict';
import { execFile, type ExecFileException } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { sharedData } from '@sonde/loki-embedded/testing/shared-data';

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'sonde-test-'));
after(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

function analyze(args: readonly string[], stdin = ''): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [CLI, 'analyze', ...args],
      {
        maxBuffer: 64 * 1024 * 1024,
        env: { ...process.env, NODE_COMPILE_CACHE: path.join(folder, 'compiled') },
      },
      (error: ExecFileException | null, stdout, stderr) =>
        resolve({ stdout, stderr, code: typeof error?.code === 'number' ? error.code : 0 }),
    );
    child.stdin?.end(stdin);
  });
}

interface JsonReport {
  readonly window: { readonly start: string; readonly end: string } | null;
  readonly summary: string;
  readonly files: readonly { readonly name: string; readonly lines: number; readonly format: string }[];
  readonly lines: {
    readonly read: number;
    readonly in_templates: number;
    readonly rest: Readonly<Record<string, number>>;
  };
  readonly templates: readonly {
    readonly count: number;
    readonly baseline_count: number;
    readonly text: string;
  }[];
  readonly findings: readonly {
    readonly kind: string;
    readonly service: string;
    readonly pattern: { readonly category: string } | null;
    readonly title: string;
    readonly evidence: readonly {
      readonly file: string;
      readonly line_number: number;
      readonly line: string;
    }[];
  }[];
}

async function analyzeJson(...args: readonly string[]): Promise<JsonReport> {
  const { stdout, stderr, code } = await analyze(['--json', ...args]);
  assert.deepEqual({ stderr, code }, { stderr: '', code: 0 });
  return JSON.parse(stdout) as JsonReport;
}

function write(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

function assertComplete({ lines, templates }: JsonReport, lineCount: number): void {
  const inTemplates = templates.reduce((sum, { count, baseline_count }) => sum + count + baseline_count, 0);
  const rest = Object.values(lines.rest).reduce((sum, count) => sum + count, 0);
  assert.deepEqual({ read: lines.read, inTemplates }, { read: lineCount, inTemplates: lines.in_templates });
  assert.equal(inTemplates + rest, lineCount);
}

function assertCited({ findings }: JsonReport): void {
  for (const { evidence, kind } of findings) {
    assert.ok(kind === 'silence' || evidence.length > 0, `${kind} without evidence`);
    for (const { file, line_number, line } of evidence)
      assert.equal(readFileSync(file, 'utf8').split('\n')[line_number - 1], line, `${file}:${line_number}`);
  }
}

const templatesData = sharedData('data');
const rawLogs = templatesData.skip
  ? []
  : readdirSync(path.join(templatesData.path, 'templates')).filter((name) => name.endsWith('.raw.log'));

void test(
  'on real logs the templates and the rest make up all lines, and every cited line stands where it is cited',
  {
    skip: templatesData.skip,
  },
  async () => {
    assert.ok(rawLogs.length >= 8);
    for (const name of rawLogs) {
      const file = path.join(templatesData.path, 'templates', name);
      const report = await analyzeJson(file);
      assertComplete(report, readFileSync(file, 'utf8').split('\n').length - 1);
      assertCited(report);
    }
  },
);

const START_MS = Date.UTC(2024, 4, 1, 10);

/** An hour of a healthy service that starts to fail 40 minutes in, with stack traces. */
function incident(): string {
  const lines: string[] = [];
  for (let second = 0; second < 3600; second++) {
    const time = new Date(START_MS + second * 1000).toISOString();
    lines.push(`${time} INFO [main] shop.Orders: order ${second} accepted in ${20 + (second % 7)} ms`);
    if (second >= 2400 && second % 2 === 0)
      lines.push(
        `${time} ERROR [main] shop.Pool: no connection left for order ${second}`,
        'java.lang.IllegalStateException: pool is empty',
        '    at shop.Pool.take(Pool.java:12)',
      );
  }
  return `${lines.join('\n')}\n`;
}

void test('an incident in a file is found with its cause, its start and its lines', async () => {
  const content = incident();
  const report = await analyzeJson(write('incident.log', content), '--since', '25m');
  assertComplete(report, content.split('\n').length - 1);
  assertCited(report);
  assert.match(report.summary, /shop\.Pool/);
  const about = report.findings.find(({ title }) => /no connection left/.test(title));
  assert.ok(about, 'the new template is a finding');
  assert.match(about.evidence[0]?.line ?? '', /10:40:00\.000Z ERROR .* order 2400$/);
});

void test('a service that stops logging is a finding, a logger that has nothing more to say is none', async () => {
  const lines = (name: (origin: string) => string) =>
    Array.from({ length: 3600 }, (_, second) => {
      const time = new Date(START_MS + second * 1000).toISOString();
      return (second < 2400 ? ['api', 'worker'] : ['api']).map(
        (origin) => `${time} INFO ${name(origin)} tick`,
      );
    }).flat();
  const json = lines((origin) => origin).map((line) => {
    const [ts, level, service, msg] = line.split(' ');
    return JSON.stringify({ ts, level, service, msg });
  });
  const services = await analyzeJson(write('services.log', json.join('\n')));
  assert.deepEqual(
    services.findings.map(({ kind, service }) => [kind, service]),
    [['silence', 'worker']],
  );
  const loggers = await analyzeJson(write('loggers.log', lines((origin) => `shop.${origin}:`).join('\n')));
  assert.deepEqual(
    loggers.findings.map(({ kind }) => kind),
    [],
  );
});

void test('a trouble that is known comes with what to do next', async () => {
  const lines = incident().replaceAll(
    'no connection left for order',
    'write failed: no space left on device, order',
  );
  const report = await analyzeJson(write('known.log', lines), '--since', '25m');
  const found = report.findings.find(({ pattern }) => pattern !== null);
  assert.equal(found?.pattern?.category, 'infrastructure');
  const { stdout } = await analyze([path.join(folder, 'known.log'), '--since', '25m']);
  assert.match(stdout, /→ \w/);
});

void test('gzip and standard input give the same findings as the plain file', async () => {
  const content = incident();
  const plain = await analyzeJson(write('same.log', content));
  const packed = await analyzeJson(write('same.log.gz', gzipSync(content)));
  const { stdout } = await analyze(['--json', '-'], content);
  const titles = (report: JsonReport) => report.findings.map(({ title }) => title);
  assert.deepEqual(titles(packed), titles(plain));
  assert.deepEqual(titles(JSON.parse(stdout) as JsonReport), titles(plain));
});

void test('several files are one log, and each is cited by its own name', async () => {
  const a = incident();
  const b = a.replaceAll('shop.', 'store.');
  const report = await analyzeJson(write('a.log', a), write('b.log', b));
  assertComplete(report, a.split('\n').length + b.split('\n').length - 2);
  assertCited(report);
  assert.deepEqual(
    report.files.map(({ name }) => path.basename(name)),
    ['a.log', 'b.log'],
  );
  assert.deepEqual(
    [...new Set(report.findings.map(({ service }) => service))].filter(
      (service) => !['a', 'b'].includes(service),
    ),
    [],
    'the programs are the services, not their loggers',
  );
});

void test('of a large file the earliest line counts too, wherever it stands', async () => {
  const line = (second: number) =>
    `${new Date(START_MS + second * 1000).toISOString()} INFO shop.Orders: order accepted`;
  const lines = Array.from({ length: 90_000 }, (_, second) => line(second));
  // Between two of the places that the first look takes lines from.
  lines[1300] = line(-5000);
  const report = await analyzeJson(write('large.log', lines.join('\n')));
  assertComplete(report, 90_000);
  assert.equal(report.lines.rest['outside'], 0);
  assert.equal(report.window?.start, new Date(START_MS - 5_000_000).toISOString());
});

void test('the JSON report uses one style of names', async () => {
  const { stdout } = await analyze(['--json', write('names.log', incident())]);
  const keys = [...stdout.matchAll(/"(\w+)":/g)].map(([, key]) => key ?? '');
  assert.deepEqual(
    [...new Set(keys)].filter((key) => /[A-Z]/.test(key)),
    [],
  );
});

void test('the report has every section, fits the width and has no colours outside a terminal', async () => {
  const { stdout } = await analyze([write('width.log', incident()), '--width', '60']);
  for (const section of ['Suspects', 'Findings', 'Templates', 'Coverage', 'lines in all'])
    assert.match(stdout, new RegExp(section));
  assert.match(stdout, /width\.log:\d+/);
  assert.doesNotMatch(stdout, /\u001b/);
  assert.deepEqual(
    stdout.split('\n').filter((line) => line.length > 60),
    [],
  );
});

void test('escape sequences in a log never reach the terminal', async () => {
  const lines = incident().replaceAll(
    'no connection left',
    '\u001b[2J\u001b]0;owned\u0007 no\u202econnection left',
  );
  const { stdout } = await analyze([write('\u001b[31mhostile.log', lines)]);
  assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

void test('empty, blank and timeless files give a report', async () => {
  assertComplete(await analyzeJson(write('empty.log', '')), 0);
  assertComplete(await analyzeJson(write('blank.log', '\n\n\n')), 3);
  assertComplete(await analyzeJson(write('words.log', 'one\ntwo\nthree')), 3);
  const { stdout, code } = await analyze([path.join(folder, 'words.log')]);
  assert.equal(code, 0);
  assert.match(stdout, /no line carries a time/);
});

void test('what cannot be analyzed is refused in one line with exit code 2', async () => {
  for (const args of [
    [path.join(folder, 'missing.log')],
    [folder],
    [write('binary.log', Buffer.from([0, 1, 2]))],
    [write('broken.gz', gzipSync('a\n'.repeat(1000)).subarray(0, 30))],
    [write('fine.log', 'a\n'), '--since', 'yesterday'],
    [path.join(folder, 'fine.log'), '--width', '3'],
    [path.join(folder, 'fine.log'), '--unknown'],
    [],
  ]) {
    const { stdout, stderr, code } = await analyze(args);
    assert.deepEqual(
      { stdout, code, lines: stderr.trimEnd().split('\n').length },
      { stdout: '', code: 2, lines: 1 },
      stderr,
    );
    assert.doesNotMatch(stderr, /unexpected|    at /);
  }
});
