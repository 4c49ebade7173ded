import { PERFORMANCE } from './performance.ts';
import { testPatterns } from './testing/pattern-cases.ts';

testPatterns(PERFORMANCE, {
  'connection-pool-exhausted': {
    explains: [
      'java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms (total=10, active=10, idle=0, waiting=37)',
      'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00',
      'Error: timeout exceeded when trying to connect',
      'Timed out fetching a new connection from the connection pool. (connection limit: 9)',
      'redis.clients.jedis.exceptions.JedisException: Could not get a resource from the pool',
    ],
    passes: [
      'HikariPool-1 - Pool stats (total=10, active=2, idle=8, waiting=0)',
      'urllib3.connectionpool Connection pool is full, discarding connection: api',
      'level=info msg="pool checked" pool_exhausted=false',
    ],
  },
  'connection-leak': {
    explains: [
      'com.zaxxer.hikari.pool.ProxyLeakTask : Connection leak detection triggered for org.postgresql.jdbc.PgConnection@6b2f on thread http-nio-1, stack trace follows',
      'java.lang.Exception: Apparent connection leak detected',
    ],
    passes: [
      'connection leak detection threshold is 20000 ms',
      '0 connection leak detected',
      'leak test passed',
    ],
  },
  'worker-slots-exhausted': {
    explains: [
      'java.util.concurrent.RejectedExecutionException: Task rejected from ThreadPoolExecutor[Running, pool size = 200, active threads = 200]',
      'WARNING: [pool www] server reached pm.max_children setting (50), consider raising it',
      '1024 worker_connections are not enough',
      '{"level":"error","msg":"no free request slot, request refused","slots":256}',
      'AH00484: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting',
    ],
    passes: ['thread pool started with 200 threads', 'queue full: false', 'MaxRequestWorkers set to 150'],
  },
  'deadline-exceeded': {
    explains: [
      'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
      'java.net.SocketTimeoutException: Read timed out',
      '{"msg":"call to payments timed out, trying again","deadline_ms":2000}',
      'AxiosError: timeout of 5000ms exceeded',
    ],
    passes: [
      'request timeout=30s configured',
      'timeouts=0',
      'size limit of 5 items exceeded',
      'the session timed out for user 7 as planned',
    ],
  },
  'slow-query': {
    explains: [
      'slow query detected: 5321 ms SELECT * FROM orders',
      '[SLOW QUERY] took 3.2 s: UPDATE carts',
      'query took 12.3 s',
    ],
    passes: ['slow_query_log is off', 'query took 2 ms', 'slow query = 0'],
  },
  'event-loop-blocked': {
    explains: [
      'event loop blocked for 1432 ms',
      'WARN io.vertx.core.impl.BlockedThreadChecker - Thread vert.x-eventloop-thread-0 has been blocked for 5012 ms, time limit is 2000 ms',
      'high event loop lag: 812ms',
    ],
    passes: ['event loop started', 'using the default event loop policy', 'event_loop utilisation 0.2'],
  },
  'garbage-collection-pressure': {
    explains: [
      '[2026-11-21T02:30:00.123Z][info][gc] GC(812) Pause Full (G1 Compaction Pause) 511M->498M(512M) 2381.223ms',
      '[Full GC (Ergonomics) [PSYoungGen: 1024K->0K(2048K)] 4096K->3900K(6144K), 3.2112 secs]',
      'java.lang.Exception: GC overhead limit exceeded',
    ],
    passes: [
      '[2026-11-21T02:30:00.123Z][info][gc] GC(813) Pause Young (Normal) (G1 Evacuation Pause) 245M->98M(512M) 8.123ms',
      '[2026-11-21T02:30:00.123Z][info][gc] GC(2) Pause Full (System.gc()) 45M->9M(512M) 18.123ms',
      'gc pause 3 ms',
    ],
  },
  'cpu-throttled': {
    explains: [
      'alertname=CPUThrottlingHigh container=api 41% throttling of CPU',
      'CPU0: Core temperature above threshold, cpu clock throttled (total events = 12)',
    ],
    passes: ['cpu throttling: none', 'nr_throttled=0 cpu_usage=0.2'],
  },
  'circuit-breaker-open': {
    explains: [
      "CircuitBreaker 'payments' changed state from CLOSED to OPEN",
      "io.github.resilience4j.circuitbreaker.CallNotPermittedException: CircuitBreaker 'auth' is OPEN and does not permit further calls",
      'circuit breaker for search is open',
    ],
    passes: [
      "CircuitBreaker 'payments' is CLOSED",
      'circuit breaker closed again after trial call',
      'circuit breaker opentelemetry exporter loaded',
    ],
  },
  'load-shed': {
    explains: [
      'shedding load: 412 requests in flight',
      'Server is too busy, try again later',
      'overload manager: action envoy.overload_actions.stop_accepting_requests active',
    ],
    passes: ['load shedding disabled', 'server load 0.3', 'overload manager configured'],
  },
  'backlog-grows': {
    explains: [
      'backlog exceeds 10000 messages',
      'consumer lag too high: 52311',
      'worker is falling behind by 312 jobs',
      "Can't keep up! Running 5012ms behind, skipping 100 ticks",
    ],
    passes: ['consumer lag 0', 'listen backlog 511', 'backlog size = 3'],
  },
  'http-rate-limited': {
    explains: [
      'HTTP 429 Too Many Requests',
      'ThrottlingException: Rate exceeded',
      'API rate limit exceeded for 10.0.0.1',
    ],
    passes: ['rate limit remaining: 4999', '0 rate limited', 'ratelimit-remaining=59'],
  },
});
