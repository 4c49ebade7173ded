import { NORMAL } from '../conditions.ts';
import type { Hop, Request } from '../request.ts';
import type { SampleLevel } from '../sample-line.ts';
import { klogTime } from '../time-format.ts';
import { queryDatabase } from './database.ts';

/** The catalogue's index, Go with klog. */
export function search(request: Request): number {
  const hop = request.enter('search');
  const query = request.random.pick(QUERIES);
  request.pass(0.5);
  writeSearch(
    request,
    hop,
    'info',
    'query.go:88',
    `"Query parsed" query="${query}" terms=${query.split(' ').length}`,
  );
  request.pass(9);
  if (request.random.chance(request.conditions.searchCrash)) {
    writeSearch(request, hop, 'error', 'recovery.go:41', panicText(request, query));
    return 500;
  }
  if (!queryDatabase(request, 'search', 'SELECT sku, stock FROM stock WHERE sku = ANY($1)')) return 500;
  if (request.random.chance(0.006)) {
    writeSearch(
      request,
      hop,
      'warn',
      'ranker.go:133',
      `"Ranking model is stale, using the last one" age="${request.random.integer(61, 90)}m"`,
    );
  }
  request.pass(1);
  const tookMs = (request.timeMs - hop.startMs).toFixed(2);
  writeSearch(
    request,
    hop,
    'info',
    'query.go:142',
    `"Query finished" hits=${request.random.integer(0, 240)} took="${tookMs}ms"`,
  );
  return 200;
}

function writeSearch(request: Request, hop: Hop, level: SampleLevel, source: string, message: string): void {
  const letter = level === 'error' ? 'E' : level === 'warn' ? 'W' : 'I';
  request.log(hop, level, `${letter}${klogTime(request.timeMs)}       1 ${source}] ${message}`);
}

/** The defect of the new version: a facet that not every product has. */
function panicText(request: Request, query: string): string {
  const goroutine = request.random.integer(1000, 99_999);
  const address = request.random.hex(8);
  const version =
    request.conditions.searchVersion === NORMAL.searchVersion
      ? ''
      : ` version="${request.conditions.searchVersion}"`;
  return `"Recovered from panic" err="runtime error: invalid memory address or nil pointer dereference" query="${query}"${version}
goroutine ${goroutine} [running]:
runtime/debug.Stack()
	/usr/local/go/src/runtime/debug/stack.go:26 +0x5e
shop.example.com/search/internal/facets.(*Facet).Weight(...)
	/src/internal/facets/facet.go:57
shop.example.com/search/internal/facets.Rank(0xc000${address}, {0x0, 0x0})
	/src/internal/facets/rank.go:118 +0x1c4
shop.example.com/search/internal/query.(*Executor).Run(0xc000${address})
	/src/internal/query/executor.go:203 +0x3a8`;
}

const QUERIES = [
  'blue running shoes',
  'winter jacket',
  'usb-c cable 2m',
  'coffee grinder',
  'desk lamp',
  'rain boots kids',
  'wireless mouse',
  'standing desk',
  'tea pot',
  'garden hose 20m',
];
