import { test } from 'node:test';
import { assertCases } from './testing/assert-cases.ts';

void test('plain lines of common loggers give time, level, logger and message', () => {
  assertCases([
    [
      '2024-01-02 10:00:00.000  INFO 123 --- [   main] c.e.demo.App : Started App',
      '2024-01-02T10:00:00.000Z',
      'info',
      'c.e.demo.App',
      'Started App',
    ],
    [
      '2015-10-18 18:01:47,978 INFO [main] org.apache.App: Created x',
      '2015-10-18T18:01:47.978Z',
      'info',
      'org.apache.App',
      'Created x',
    ],
    [
      '2015-07-29 19:04:29,071 - WARN  [SendWorker:1:QuorumCnxManager$SendWorker@688] - Send worker leaving',
      '2015-07-29T19:04:29.071Z',
      'warn',
      'QuorumCnxManager',
      'Send worker leaving',
    ],
    [
      '2024-05-01T10:00:00.5Z ERROR shop.Pool: empty',
      '2024-05-01T10:00:00.500Z',
      'error',
      'shop.Pool',
      'empty',
    ],
    [
      '2024-01-02 10:00:00,123 - mymodule.sub - INFO - hello',
      '2024-01-02T10:00:00.123Z',
      'info',
      'mymodule.sub',
      'hello',
    ],
    [
      '081109 203615 148 INFO dfs.DataNode$PacketResponder: Received block',
      '2008-11-09T20:36:15.000Z',
      'info',
      'dfs.DataNode$PacketResponder',
      'Received block',
    ],
    [
      '- 1117838570 2005.06.03 R02-M1-N0 2005-06-03-15.42.50.675872 R02-M1-N0 RAS KERNEL FATAL data TLB error',
      '2005-06-03T22:42:50.000Z',
      'fatal',
      'KERNEL',
      'data TLB error',
    ],
    [
      '[10.30 16:49:06] chrome.exe - proxy.example:5070 close',
      '2026-10-30T16:49:06.000Z',
      'unknown',
      'chrome.exe',
      'proxy.example:5070 close',
    ],
    [
      '2016-09-28 04:30:30, Info                  CBS    Loaded Servicing Stack',
      '2016-09-28T04:30:30.000Z',
      'info',
      'CBS',
      'Loaded Servicing Stack',
    ],
    [
      '10:00:00.123 [main] DEBUG c.e.App - started',
      '2026-11-21T10:00:00.123Z',
      'debug',
      'c.e.App',
      'started',
    ],
    [
      '2024/01/02 10:00:00 main.go:10: listening',
      '2024-01-02T10:00:00.000Z',
      'unknown',
      'main.go',
      'listening',
    ],
    [
      '2024/01/02 10:00:00 [error] 123#0: *1 open() failed',
      '2024-01-02T10:00:00.000Z',
      'error',
      '',
      '*1 open() failed',
    ],
    [
      '[Sun Dec 04 04:47:44 2005] [error] [client 192.0.2.1] mod_jk child',
      '2005-12-04T04:47:44.000Z',
      'error',
      '',
      'mod_jk child',
    ],
    [
      '[Thu Dec 05 04:47:44.123456 2024] [core:warn] [pid 1:tid 2] AH00111: x',
      '2024-12-05T04:47:44.123Z',
      'warn',
      '',
      'AH00111: x',
    ],
    [
      '2024-01-02 10:00:00.123 UTC [1234] ERROR:  relation "x" does not exist',
      '2024-01-02T10:00:00.123Z',
      'error',
      '',
      'relation "x" does not exist',
    ],
    [
      'I, [2024-01-02T10:00:00.123456 #123]  INFO -- : Started GET "/"',
      '2024-01-02T10:00:00.123Z',
      'info',
      '',
      'Started GET "/"',
    ],
    [
      '1234:M 12 Nov 2024 10:00:00.123 * Ready to accept connections',
      '2024-11-12T10:00:00.123Z',
      'unknown',
      '',
      'Ready to accept connections',
    ],
    [
      '[2024-01-02 10:00:00,000: INFO/MainProcess] Task received',
      '2024-01-02T10:00:00.000Z',
      'info',
      'MainProcess',
      'Task received',
    ],
    [
      '03-17 16:13:38.811  1702  2395 D WindowManager: freezing',
      '2026-03-17T16:13:38.811Z',
      'debug',
      'WindowManager',
      'freezing',
    ],
    [
      '17/06/09 20:10:40 INFO executor.Backend: Registered',
      '2017-06-09T20:10:40.000Z',
      'info',
      'executor.Backend',
      'Registered',
    ],
  ]);
});

void test('prose is never taken for a header', () => {
  assertCases([
    [
      '2024-01-02 10:00:00 Connection closed by peer',
      '2024-01-02T10:00:00.000Z',
      'unknown',
      '',
      'Connection closed by peer',
    ],
    [
      '2024-01-02 10:00:00 63543 double-hummer exceptions',
      '2024-01-02T10:00:00.000Z',
      'unknown',
      '',
      '63543 double-hummer exceptions',
    ],
    ['the quick brown fox', null, 'unknown', '', 'the quick brown fox'],
    ['1234567890123456789012', null, 'unknown', '', '1234567890123456789012'],
  ]);
});
