import { NORMAL } from './conditions.ts';
import type { ScenarioName } from './scenarios.ts';
import type { Shop } from './shop.ts';
import { isoTime, klogTime, plainTime } from './time-format.ts';

/** An audit line of a change that harms nothing: every shop has one now and then. */
export function changeSetting(shop: Shop, timeMs: number): void {
  const [setting, values] = shop.random.pick(HARMLESS);
  const [before, after] = shop.random.chance(0.5) ? values : [values[1], values[0]];
  const actor = shop.random.pick(['mira.lang', 'jonas.weber', 'ines.costa']);
  shop.write(
    timeMs,
    'api',
    'info',
    `{"time":"${isoTime(timeMs)}","level":"info","type":"audit","msg":"configuration changed","actor":"${actor}","setting":"${setting}","before":"${before}","after":"${after}"}`,
    { pod: shop.pod('api'), event_type: 'audit', actor },
  );
}

/** The lines that only the start of a fault writes. */
export function beginFault(shop: Shop, scenario: ScenarioName, timeMs: number): void {
  if (scenario === 'bad-deploy') deploySearch(shop, timeMs);
  if (scenario === 'pool-exhaustion') detectLeaks(shop, timeMs);
}

function deploySearch(shop: Shop, timeMs: number): void {
  const metadata = { pod: shop.pod('search'), event_type: 'audit', actor: 'deploy-bot' };
  const versions = `version="${shop.conditions.searchVersion}" previous="${NORMAL.searchVersion}"`;
  shop.write(
    timeMs,
    'search',
    'info',
    `I${klogTime(timeMs)}       1 main.go:31] "audit: deployment applied" actor="deploy-bot" ${versions}`,
    metadata,
  );
  shop.write(
    timeMs + 40,
    'search',
    'info',
    `I${klogTime(timeMs + 40)}       1 main.go:47] "Server started" ${versions} port=8080`,
    metadata,
  );
}

/** HikariCP's own warning, minutes before anybody is refused. */
function detectLeaks(shop: Shop, timeMs: number): void {
  for (let leak = 0; leak < 6; leak++) {
    const leakMs = timeMs + leak * 4000 + shop.random.integer(0, 2000);
    const connection = shop.random.hex(8);
    shop.write(
      leakMs,
      'payments',
      'warn',
      `${plainTime(leakMs)}  WARN 1 --- [housekeeper] c.z.h.p.ProxyLeakTask : Connection leak detection triggered for org.postgresql.jdbc.PgConnection@${connection} on thread nio-8080-exec-${shop.random.integer(1, 40)}, stack trace follows
java.lang.Exception: Apparent connection leak detected
	at shop.payments.RefundRepository.open(RefundRepository.java:38)
	at shop.payments.RefundService.refund(RefundService.java:52)`,
      { pod: shop.pod('payments') },
    );
  }
}

const HARMLESS: readonly (readonly [setting: string, values: readonly [string, string]])[] = [
  ['banner.text', ['Free shipping', 'Autumn sale']],
  ['search.page_size', ['24', '36']],
  ['cart.expiry_hours', ['48', '72']],
  ['chat.greeting', ['short', 'long']],
];
