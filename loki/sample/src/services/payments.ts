import type { Hop, Request } from '../request.ts';
import type { SampleLevel } from '../sample-line.ts';
import { plainTime } from '../time-format.ts';
import { queryDatabase } from './database.ts';

/** Card payments, Java with Spring and a HikariCP pool of 20 database connections. */
export function pay(request: Request): number {
  const hop = request.enter('payments');
  const order = `ord-${request.random.integer(100_000, 999_999)}`;
  request.pass(2);
  writePayments(
    request,
    hop,
    'info',
    's.p.PaymentController',
    `Payment requested order=${order} amount=${amount(request)} EUR`,
  );
  if (request.random.chance(request.conditions.paymentsPoolExhausted))
    return waitForConnection(request, hop, order);
  if (!queryDatabase(request, 'payments', 'SELECT id, state FROM payments WHERE order_id = $1')) return 500;
  request.pass(85, 0.35);
  if (request.random.chance(0.02)) {
    writePayments(
      request,
      hop,
      'warn',
      's.p.CardService',
      `Card declined order=${order} code=${request.random.integer(51, 65)}`,
    );
    return 402;
  }
  if (request.random.chance(0.003)) {
    writePayments(request, hop, 'error', 's.p.PaymentRepository', staleRowTrace(order));
    request.pass(5);
  }
  if (
    !queryDatabase(request, 'payments', 'INSERT INTO payments (order_id, amount, state) VALUES ($1, $2, $3)')
  ) {
    writePayments(request, hop, 'error', 's.p.PaymentRepository', diskFullTrace(order));
    return 500;
  }
  const tookMs = Math.round(request.timeMs - hop.startMs);
  writePayments(
    request,
    hop,
    'info',
    's.p.PaymentService',
    `Payment authorised order=${order} in ${tookMs} ms`,
  );
  return 200;
}

/** Waits until the pool's time limit, long after the caller gave up. Only some of the failures leave a trace. */
function waitForConnection(request: Request, hop: Hop, order: string): number {
  request.pass(3000, 0.002);
  if (request.random.chance(0.4)) {
    const waiting = request.random.integer(12, 60);
    writePayments(request, hop, 'error', 's.p.PaymentService', poolTrace(order, waiting));
  }
  return 500;
}

function writePayments(
  request: Request,
  hop: Hop,
  level: SampleLevel,
  logger: string,
  message: string,
): void {
  const thread = request.random.integer(1, 40);
  const word = level.toUpperCase().padStart(5);
  request.log(
    hop,
    level,
    `${plainTime(request.timeMs)} ${word} 1 --- [nio-8080-exec-${thread}] ${logger} : ${message}`,
  );
}

function amount(request: Request): string {
  return request.random.logNormal(42, 0.8).toFixed(2);
}

function poolTrace(order: string, waiting: number): string {
  return `Payment failed order=${order}
org.springframework.jdbc.CannotGetJdbcConnectionException: Failed to obtain JDBC Connection
	at org.springframework.jdbc.datasource.DataSourceUtils.getConnection(DataSourceUtils.java:84)
	at shop.payments.PaymentRepository.find(PaymentRepository.java:61)
	at shop.payments.PaymentService.pay(PaymentService.java:88)
Caused by: java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 3000ms (total=20, active=20, idle=0, waiting=${waiting})
	at com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:686)
	at com.zaxxer.hikari.pool.HikariPool.getConnection(HikariPool.java:179)
	... 42 common frames omitted`;
}

function staleRowTrace(order: string): string {
  return `Payment row changed meanwhile, reading it again order=${order}
org.springframework.orm.ObjectOptimisticLockingFailureException: Row was updated or deleted by another transaction
	at shop.payments.PaymentRepository.save(PaymentRepository.java:97)
	at shop.payments.PaymentService.pay(PaymentService.java:104)`;
}

function diskFullTrace(order: string): string {
  return `Payment could not be stored order=${order}
org.springframework.dao.DataAccessResourceFailureException: could not execute statement
	at shop.payments.PaymentRepository.save(PaymentRepository.java:92)
	at shop.payments.PaymentService.pay(PaymentService.java:104)
Caused by: org.postgresql.util.PSQLException: ERROR: could not extend file: No space left on device
	at org.postgresql.core.v3.QueryExecutorImpl.receiveErrorResponse(QueryExecutorImpl.java:2733)
	... 51 common frames omitted`;
}
