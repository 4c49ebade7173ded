import { CONNECTIVITY } from './connectivity.ts';
import { testPatterns } from './testing/pattern-cases.ts';

testPatterns(CONNECTIVITY, {
  'connection-refused': {
    explains: [
      'Error: connect ECONNREFUSED 10.0.3.12:5432',
      '2026/11/21 02:30:00 [error] 31#31: *8812 connect() failed (111: Connection refused) while connecting to upstream, client: 81.2.69.160, upstream: "http://10.0.3.11:8080/"',
      'E1121 02:30:00.123456       1 dial.go:71] "Cannot dial" err="dial tcp 10.0.3.12:6379: connect: connection refused"',
      'java.net.ConnectException: Connection refused (Connection refused)',
    ],
    passes: [
      'level=info msg="connections checked" connection_refused=0 total=12',
      'summary: 0 connection refused, 2 retried',
      '{"msg":"dial stats","connection refused":0}',
    ],
  },
  'connection-reset': {
    explains: [
      'read tcp 10.1.2.3:41222->10.0.3.12:443: read: connection reset by peer',
      'Error: socket hang up\n    at connResetException (node:internal/errors:720:14)',
      'BrokenPipeError: [Errno 32] Broken pipe',
      'Error: write EPIPE',
    ],
    passes: [
      'level=info msg="connection reset counters cleared" connection_resets=0',
      'connection reset: none',
      'opened telepipe session',
    ],
  },
  'connection-timeout': {
    explains: [
      'Error: connect ETIMEDOUT 10.0.9.4:443',
      'dial tcp 10.0.9.4:443: i/o timeout',
      'psycopg2.OperationalError: could not connect to server: Connection timed out',
      'UND_ERR_CONNECT_TIMEOUT: Connect Timeout Error (attempted address: shop.example.com:443, timeout: 10000ms)',
    ],
    passes: [
      'read tcp 10.0.9.4:443: i/o timeout budget unused',
      'connection timeout = 0',
      'config: connect_timeout_ms=3000',
    ],
  },
  'host-unreachable': {
    explains: [
      'connect: no route to host',
      'Error: connect EHOSTUNREACH 192.168.4.2:8080',
      'ping: connect: Network is unreachable',
    ],
    passes: ['GET /host-is-unreachable-faq 200', 'no route to host: none', 'route to host added'],
  },
  'dns-failure': {
    explains: [
      'Error: getaddrinfo ENOTFOUND payments.shop.svc',
      'Error: getaddrinfo EAI_AGAIN redis',
      'dial tcp: lookup search on 10.96.0.10:53: no such host',
      'java.net.UnknownHostException: auth',
      'curl: (6) Could not resolve host: registry.example.com',
    ],
    passes: [
      'resolver stats: queries=1212 nxdomain=0',
      'host found: payments',
      '0 nxdomain answers in the last minute',
    ],
  },
  'certificate-expired': {
    explains: [
      'x509: certificate has expired or is not yet valid: current time 2026-11-21T02:30:00Z is after 2026-11-20T00:00:00Z',
      'Error: certificate has expired { code: CERT_HAS_EXPIRED }',
      'SSL alert: certificate expired',
    ],
    passes: [
      'certificate expires in 29 days',
      'level=info msg="certificate renewed" expired=false',
      'checked 12 hosts, 0 certificate expired',
    ],
  },
  'certificate-untrusted': {
    explains: [
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'sun.security.validator.ValidatorException: PKIX path building failed',
      'Error: self-signed certificate in certificate chain',
      'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1007)',
    ],
    passes: [
      'certificate verified, chain length 3',
      'created a self signed authority certificate for tests',
      'self-signed certificate: false',
    ],
  },
  'tls-handshake-failed': {
    explains: [
      'javax.net.ssl.SSLHandshakeException: Received fatal alert: protocol_version',
      'http: TLS handshake error from 10.0.1.7:51000: EOF',
      '2026/11/21 02:30:00 [error] 31#31: *9 SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking',
    ],
    passes: [
      'TLS handshake finished in 12 ms',
      'websocket handshake accepted',
      'handshake ok, cipher TLS_AES_128_GCM_SHA256',
    ],
  },
  'upstream-timeout': {
    explains: [
      '2026/11/21 02:30:00 [error] 31#31: *77 upstream timed out (110: Connection timed out) while reading response header from upstream',
      '504 Gateway Time-out',
      'upstream request timeout',
    ],
    passes: ['upstream timing: 0.012', 'proxy_read_timeout 60s loaded', 'gateway timeout=0'],
  },
  'upstream-unavailable': {
    explains: [
      'no live upstreams while connecting to upstream, client: 10.0.0.1',
      'upstream prematurely closed connection while reading response header from upstream',
      'no healthy upstream',
      'upstream connect error or disconnect/reset before headers. reset reason: overflow',
      '502 Bad Gateway',
    ],
    passes: ['upstream connected in 3 ms', 'all upstreams are healthy', 'bad gateway: 0'],
  },
  'peer-gone': {
    explains: [
      'server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally',
      "(2006, 'MySQL server has gone away')",
      'FATAL:  terminating connection due to administrator command',
      '[Producer clientId=p1] Connection to node 2 (kafka-2/10.0.1.9:9092) could not be established. Broker may not be available.',
    ],
    passes: [
      'connection to node 2 established',
      'server closed the connection after idle time as configured',
      'client closed',
    ],
  },
  'mail-refused': {
    explains: [
      'ts=2026-11-21T02:30:00.123Z level=warn msg="job failed" err="421 4.7.0 mail server busy"',
      'postfix/smtpd[812]: NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 550 5.1.1 <mira@example.com>: Recipient address rejected: User unknown in virtual mailbox table',
      'smtplib.SMTPRecipientsRefused: {}',
    ],
    passes: ['mail sent to 1 recipient', 'mail server ready', '0 recipient address rejected'],
  },
});
