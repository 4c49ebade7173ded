import { DATA } from './data.ts';
import { testPatterns } from './testing/pattern-cases.ts';

testPatterns(DATA, {
  deadlock: {
    explains: [
      'ERROR:  deadlock detected\n\tDETAIL:  Process 2143 waits for ShareLock on transaction 812; blocked by process 2150.',
      'Deadlock found when trying to get lock; try restarting transaction',
      'Transaction (Process ID 52) was deadlocked on lock resources',
    ],
    passes: ['deadlocks=0', 'no deadlock detected', 'deadlock_timeout = 1s'],
  },
  'lock-timeout': {
    explains: [
      'ERROR 1205 (HY000): Lock wait timeout exceeded; try restarting transaction',
      'sqlite3.OperationalError: database is locked',
      'LOG:  process 2143 still waiting for ShareLock on transaction 812 after 1000.123 ms',
      'ERROR:  canceling statement due to lock timeout',
    ],
    passes: ['still waiting for 3 workers', 'lock timeout = 0', 'lock acquired in 2 ms'],
  },
  'database-connections-used-up': {
    explains: [
      'FATAL:  sorry, too many clients already',
      'FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute',
      "(1040, 'Too many connections')",
      'ERR max number of clients reached',
    ],
    passes: ['connections: 12 of 100', 'too many connections: 0', 'max_connections = 100'],
  },
  'constraint-violated': {
    explains: [
      'ERROR:  duplicate key value violates unique constraint "orders_pkey"',
      'ERROR:  insert or update on table "payments" violates foreign key constraint "payments_order_id_fkey"',
      'E11000 duplicate key error collection: shop.orders index: _id_',
      "Duplicate entry '42' for key 'PRIMARY'",
    ],
    passes: [
      'added unique constraint orders_pkey',
      'duplicate entry removed from the sitemap',
      'unique constraint checked in 2 ms',
    ],
  },
  'schema-mismatch': {
    explains: [
      'ERROR:  relation "refunds" does not exist at character 15',
      'ERROR:  column orders.coupon does not exist',
      'sqlite3.OperationalError: no such table: refunds',
      "Table 'shop.refunds' doesn't exist",
    ],
    passes: ['user 4711 does not exist', 'file does not exist', "The coupon doesn't exist"],
  },
  'data-corrupted': {
    explains: [
      'ERROR:  invalid page in block 412 of relation base/16384/16422',
      'sqlite3.DatabaseError: database disk image is malformed',
      'wal segment 00012: checksum mismatch',
      'Corrupt block: expected checksum 12 but got 13',
    ],
    passes: [
      'package checksum mismatch for left-pad, using the mirror',
      'corrupted=0',
      'image upload is corrupted, please try again',
      'checksum verified',
    ],
  },
  'replication-lag': {
    explains: [
      'replication lag is too high: 312 s',
      'Seconds_Behind_Master: 812',
      'ERROR:  requested WAL segment 000000010000000A has already been removed',
      'ERROR:  canceling statement due to conflict with recovery',
    ],
    passes: ['replication lag 0 s', 'Seconds_Behind_Master: 0', '0 under-replicated partitions'],
  },
  'statement-timeout': {
    explains: [
      'ERROR:  canceling statement due to statement timeout',
      'Query execution was interrupted, maximum statement execution time exceeded',
    ],
    passes: ['statement_timeout = 30s', 'ERROR:  canceling statement due to user request'],
  },
  'write-conflict': {
    explains: [
      'ERROR:  could not serialize access due to concurrent update',
      'org.springframework.orm.ObjectOptimisticLockingFailureException: Row was updated or deleted by another transaction',
      'WriteConflict error: this operation conflicted with another operation',
    ],
    passes: ['write conflict: none', 'writeconflicts=0', 'no write conflict'],
  },
  'migration-failed': {
    explains: [
      'Migration failed: 20261120_add_refunds',
      'org.flywaydb.core.api.FlywayException: Validate failed',
      'error: Dirty database version 12. Fix and force version.',
    ],
    passes: ['migration finished in 12 ms', 'migration failed: false', '0 migration failed'],
  },
  'database-read-only': {
    explains: [
      'ERROR:  cannot execute INSERT in a read-only transaction',
      "READONLY You can't write against a read only replica.",
      'sqlite3.OperationalError: attempt to write a readonly database',
    ],
    passes: ['BEGIN READ ONLY', 'read-only replica added'],
  },
});
