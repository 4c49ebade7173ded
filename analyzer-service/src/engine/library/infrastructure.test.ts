import { INFRASTRUCTURE } from './infrastructure.ts';
import { testPatterns } from './testing/pattern-cases.ts';

testPatterns(INFRASTRUCTURE, {
  'disk-full': {
    explains: [
      'ERROR:  could not extend file "base/16384/16422": No space left on device\n\tHINT:  Check free disk space.',
      "Error: ENOSPC: no space left on device, write '/data/x'",
      'OSError: [Errno 28] No space left on device',
      'System.IO.IOException: There is not enough space on the disk.',
    ],
    passes: ['disk 41 % full', 'no space left on device: 0', 'enospc=0', '{"checks":{"disk full":false}}'],
  },
  'out-of-memory': {
    explains: [
      'kernel: Out of memory: Killed process 4121 (java) total-vm:8123456kB',
      'java.lang.OutOfMemoryError: Java heap space',
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      'Last State: Terminated, Reason: OOMKilled, Exit Code: 137',
    ],
    passes: [
      'memory: 412 MiB of 512 MiB',
      'oomkilled=false',
      'oom_kill 0',
      '"OOMKilled": false,',
      'no out of memory events',
    ],
  },
  'too-many-open-files': {
    explains: [
      "Error: EMFILE: too many open files, open '/tmp/x'",
      'accept tcp [::]:8080: accept4: too many open files',
    ],
    passes: ['open files: 212', 'max open files 65536', 'emfile=0'],
  },
  'process-crashed': {
    explains: [
      'panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x6f2]',
      'Segmentation fault (core dumped)',
      'kernel: api[4121]: segfault at 0 ip 00007f sp 00007f error 4 in libssl.so.3',
      '# A fatal error has been detected by the Java Runtime Environment:',
    ],
    passes: [
      'received SIGTERM, stopping',
      'control panel: ready',
      'http.panic: handler registered',
      'exit code 0',
    ],
  },
  'unhandled-exception': {
    explains: [
      'java.lang.NullPointerException: Cannot invoke "Order.id()" because "order" is null',
      "TypeError: Cannot read properties of undefined (reading 'id')",
      'E1121 02:30:00.123456       1 recovery.go:41] "Recovered from panic" err="runtime error: invalid memory address or nil pointer dereference"',
      "AttributeError: 'NoneType' object has no attribute 'id'",
      'IndexError: list index out of range',
    ],
    passes: [
      'unhandled exceptions: 0',
      'requested page index out of range, showing the last',
      '0 unhandled exception',
    ],
  },
  'disk-failing': {
    explains: [
      'kernel: blk_update_request: I/O error, dev sda, sector 123456',
      'EXT4-fs error (device sda1): ext4_find_entry:1455',
      "read error on '/data': Input/output error",
    ],
    passes: ['input/output error: 0', 'smart: 0 bad sector', 'input/output statistics flushed'],
  },
  'read-only-file-system': {
    explains: [
      "OSError: [Errno 30] Read-only file system: '/data/x'",
      'EXT4-fs (sda1): Remounting filesystem read-only',
    ],
    passes: ['mounted /data read-write', 'opened file read-only', 'erofs=0'],
  },
  'clock-wrong': {
    explains: [
      'clock skew detected: 42 s between node-1 and node-2',
      'RequestTimeTooSkewed: The difference between the request time and the current time is too large.',
      'system clock jumped by 12 s',
    ],
    passes: ['clock skew 0.2 ms', 'time drift: 0', 'allowed clock skew is 60 s', 'system clock synchronized'],
  },
  'module-missing': {
    explains: [
      "Error: Cannot find module 'express'",
      "ModuleNotFoundError: No module named 'redis'",
      'java.lang.NoClassDefFoundError: shop/payments/Refund',
      'app: error while loading shared libraries: libssl.so.1.1: cannot open shared object file',
    ],
    passes: ['loaded module express', 'module not enabled', '0 modules missing'],
  },
});
