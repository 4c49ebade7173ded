import type { SampleLevel, ServiceName } from './sample-line.ts';
import type { Shop } from './shop.ts';
import { accessTime, isoTime, klogTime, nginxTime, plainTime } from './time-format.ts';

/** One line that no request asked for: health checks, timers, garbage collection, and noise that means nothing. */
export function keepHouse(shop: Shop, timeMs: number): void {
  let die = shop.random.unit();
  for (const chore of CHORES) {
    die -= chore.share;
    if (die >= 0) continue;
    shop.write(timeMs, chore.service, chore.level, chore.text(shop, timeMs), {
      pod: shop.pod(chore.service),
    });
    return;
  }
}

interface Chore {
  readonly share: number;
  readonly service: ServiceName;
  readonly level: SampleLevel;
  readonly text: (shop: Shop, timeMs: number) => string;
}

/** Shares add up to 1. */
const CHORES: readonly Chore[] = [
  chore(0.12, 'gateway', 'info', (shop, time) => {
    const node = shop.random.integer(1, 4);
    return `10.0.${node}.1 - - [${accessTime(time)}] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.33" rt=0.000 urt=-`;
  }),
  chore(0.1, 'api', 'debug', (shop, time) => {
    const used = shop.random.integer(180, 260);
    return `{"time":"${isoTime(time)}","level":"debug","msg":"health check passed","heap_used_mb":${used},"errors":0}`;
  }),
  chore(0.08, 'api', 'info', (shop, time) => {
    const waiting = shop.jobsWaiting + shop.random.integer(0, 4);
    return `{"time":"${isoTime(time)}","level":"info","msg":"queue depth","queue":"mail","waiting":${waiting}}`;
  }),
  chore(0.08, 'auth', 'info', (shop, time) => {
    const age = shop.random.integer(1, 86_000);
    return `{"event": "signing key checked", "key_age_s": ${age}, "error": null, "logger": "auth", "level": "info", "timestamp": "${isoTime(time)}"}`;
  }),
  chore(0.09, 'anythingllm', 'info', (shop, time) => {
    const loaded = shop.random.integer(2, 3);
    return `{"level":"info","message":"health check passed","models_loaded":${loaded},"timestamp":"${isoTime(time)}"}`;
  }),
  chore(0.12, 'payments', 'info', (shop, time) => {
    const before = shop.random.integer(220, 300);
    const pause = shop.random.logNormal(7, 0.3).toFixed(3);
    return `[${isoTime(time)}][info][gc] GC(${shop.random.integer(1000, 9999)}) Pause Young (Normal) (G1 Evacuation Pause) ${before}M->${before - 130}M(512M) ${pause}ms`;
  }),
  chore(0.05, 'payments', 'debug', (shop, time) => {
    const isExhausted = shop.conditions.paymentsPoolExhausted > 0.3;
    const active = isExhausted ? 20 : shop.random.integer(1, 6);
    const waiting = isExhausted ? shop.random.integer(12, 60) : 0;
    return `${plainTime(time)} DEBUG 1 --- [housekeeper] c.z.h.p.HikariPool : HikariPool-1 - Pool stats (total=20, active=${active}, idle=${20 - active}, waiting=${waiting})`;
  }),
  chore(0.11, 'search', 'info', (shop, time) => {
    const segments = shop.random.integer(3, 12);
    return `I${klogTime(time)}       1 merge.go:210] "Merged index segments" segments=${segments} took="${shop.random.logNormal(140, 0.3).toFixed(1)}ms"`;
  }),
  chore(0.08, 'worker', 'info', (_shop, time) => {
    return `ts=${isoTime(time)} level=info msg="cron finished" cron=expire-carts failed=0 errors=0`;
  }),
  chore(0.06, 'worker', 'debug', (shop, time) => {
    return `ts=${isoTime(time)} level=debug msg=heartbeat busy=${shop.random.integer(0, 4)} slots=8`;
  }),
  chore(0.05, 'database', 'info', (shop, time) => {
    const buffers = shop.random.integer(40, 400);
    return `${plainTime(time)} UTC [61] LOG:  checkpoint complete: wrote ${buffers} buffers (${(buffers / 163.84).toFixed(1)}%); write=${shop.random.logNormal(20, 0.2).toFixed(3)} s, sync=0.004 s, total=${shop.random.logNormal(20.1, 0.2).toFixed(3)} s`;
  }),
  chore(0.04, 'database', 'info', (shop, time) => {
    const table = shop.random.pick(['carts', 'sessions', 'payments', 'messages']);
    return `${plainTime(time)} UTC [${shop.random.integer(3000, 3100)}] LOG:  automatic vacuum of table "shop.public.${table}": index scans: 1`;
  }),
  chore(0.012, 'api', 'warn', (shop, time) => {
    return `{"time":"${isoTime(time)}","level":"warn","msg":"client closed the connection early","err":"ECONNRESET","port":${shop.random.integer(30_000, 60_000)}}`;
  }),
  chore(0.005, 'gateway', 'error', (shop, time) => {
    return `${nginxTime(time)} [error] 31#31: *${shop.random.integer(100_000, 999_999)} SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking`;
  }),
  chore(0.003, 'database', 'error', (shop, time) => {
    return `${plainTime(time)} UTC [${shop.random.integer(2000, 2080)}] api@shop ERROR:  canceling statement due to user request`;
  }),
];

function chore(share: number, service: ServiceName, level: SampleLevel, text: Chore['text']): Chore {
  return { share, service, level, text };
}
