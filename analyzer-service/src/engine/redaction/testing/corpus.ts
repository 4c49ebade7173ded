// Lines with secrets, and lines that only look like it. Every token is put together from its parts when the test runs,
// so that no scanner takes these files for a leak.

export interface SecretLine {
  readonly line: string;
  /** Must not be in what a model gets. */
  readonly secret: string;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const ALNUM = `${LETTERS}${LETTERS.toUpperCase()}0123456789`;
const HEX = '0123456789abcdef';
const UPPER = `${LETTERS.toUpperCase()}0123456789`;

/** Numbers that are the same in each run. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const next = sequence(7);
const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;
const random = (length: number, alphabet = ALNUM) =>
  Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join('');
/** Random, with all kinds of characters, as a real token has them. */
const token = (length: number, alphabet = ALNUM) => `a7${random(length - 4, alphabet)}Q9`;
const octet = () => 1 + Math.floor(next() * 253);
const base64 = (length: number) => `${random(length, `${ALNUM}+/`)}==`;

function cardNumber(prefix: string, length: number): string {
  const digits = prefix + random(length - prefix.length - 1, '0123456789');
  const sum = Array.from(digits)
    .reverse()
    .reduce((all, character, index) => {
      const digit = Number(character) * (index % 2 === 0 ? 2 : 1);
      return all + (digit > 9 ? digit - 9 : digit);
    }, 0);
  return digits + ((10 - (sum % 10)) % 10);
}

const webToken = () => ['eyJ' + random(33), 'eyJ' + random(60), random(43, `${ALNUM}_-`)].join('.');
const privateKey = (kind: string, lineEnd: string) =>
  [`-----BEGIN ${kind}PRIVATE KEY-----`, random(64), random(64), `-----END ${kind}PRIVATE KEY-----`].join(
    lineEnd,
  );
const join = (...parts: readonly string[]) => parts.join('');

/** Secrets that are known by themselves, wherever they stand. */
const BARE: readonly (() => string)[] = [
  () => join('AK', 'IA', random(16, UPPER)),
  () => join('AS', 'IA', random(16, UPPER)),
  () => join('AI', 'za', random(35)),
  () => join('ya', '29.', token(60)),
  () => join('GOC', 'SPX-', token(28)),
  () => join('gh', 'p_', random(36)),
  () => join('gh', 's_', random(36)),
  () => join('github', '_pat_', random(22), '_', random(59)),
  () => join('gl', 'pat-', token(20)),
  () => join('xo', 'xb-', random(12, '0123456789'), '-', token(24)),
  () => join('xa', 'pp-1-', token(40)),
  () =>
    join('https://hooks.sl', 'ack.com/services/T', random(8, UPPER), '/B', random(8, UPPER), '/', random(24)),
  () => join('sk', '_live_', random(24)),
  () => join('rk', '_live_', random(24)),
  () => join('wh', 'sec_', random(32)),
  () => join('sk', '-proj-', token(64)),
  () => join('sk', '-', token(48)),
  () => join('sk', '-ant-api03-', token(80)),
  () => join('hf', '_', token(34)),
  () => join('np', 'm_', random(36)),
  () => join(random(9, '123456789'), ':AA', random(33)),
  () => join('SG', '.', token(22), '.', token(43)),
  () => join('SK', random(32, HEX)),
  () => join('AC', random(32, HEX)),
  () => join('k3', 'x8Q~', random(34)),
  () => join('do', 'p_v1_', random(64, HEX)),
  () => join('hv', 's.', token(90)),
  () => join('gl', 'sa_', token(32), '_', random(8, HEX)),
  webToken,
  () => privateKey('RSA ', '\\n'),
  () => privateKey('EC ', '\n'),
  () => privateKey('', '\\n'),
  () => cardNumber('4', 16),
  () => cardNumber('37', 15),
  () => cardNumber('53', 16).replace(/(\d{4})(?=\d)/g, '$1 '),
  () => cardNumber('6011', 16).replace(/(\d{4})(?=\d)/g, '$1-'),
  () =>
    `${pick(['jane.doe', 'a_b+news', 'x9', 'o.neil-smith'])}@${pick(['example.com', 'mail.corp.example.org', '163.com', 'a-b.co.uk'])}`,
  () => `${octet()}.${octet()}.${octet()}.${octet()}`,
  () => `10.${octet()}.0.${octet()}`,
  () => `2001:db8:${random(4, HEX)}:${random(4, HEX)}:0:0:${random(3, HEX)}:1`,
  () => `fe80::${random(4, HEX)}:${random(4, HEX)}:7`,
];

const PLACES: readonly ((secret: string) => string)[] = [
  (secret) => `2026-11-20T10:00:00Z ERROR upstream refused the call with ${secret}`,
  (secret) => `{"level":"info","msg":"sent","value":"${secret}"}`,
  (secret) => `level=warn msg="retrying" detail=${secret} attempt=3`,
  (secret) => `GET /v1/items?x=${secret}&page=2 200 12ms`,
];

const PASSWORDS = ['hunter2', 'correct-horse', 'Tr0ub4dor&3', 'letmein!', 's3cr3t/pass', 'p@ss+word1'];
const password = () => pick(PASSWORDS) + random(2, '0123456789');
const plainPassword = () => token(14);

/** Secrets that only their name tells. */
const NAMED: readonly ((secret: string) => string)[] = [
  (secret) => `connecting to postgres://shop:${secret}@db:5432/shop`,
  (secret) => `redis://:${secret}@cache:6379/0 is away`,
  (secret) => `mongodb+srv://root:${secret}@cluster0.example.net/?retryWrites=true`,
  (secret) => `proxy http://user:${secret}@proxy:3128 refused`,
  (secret) => `DB_PASSWORD=${secret}`,
  (secret) => `env: MYSQL_ROOT_PASSWORD=${secret} LANG=C`,
  (secret) => `login failed user=bob password=${secret} reason=locked`,
  (secret) => `{"user":"bob","password":"${secret}"}`,
  (secret) => `{"msg":"{\\"user\\":\\"bob\\",\\"password\\":\\"${secret}\\"}"}`,
  (secret) => `config: client_secret: "${secret}"`,
  (secret) => `{ clientSecret: '${secret}', region: 'eu' }`,
  (secret) => `POST /oauth/token?grant_type=refresh&refresh_token=${secret}&x=1`,
  (secret) => `GET /cb?access_token=${secret} 302`,
  (secret) => `api_key=${secret} not allowed`,
  (secret) => `X-Api-Key: ${secret}`,
  (secret) => `Authorization: Bearer ${secret}`,
  (secret) => `authorization="Basic ${secret}"`,
  (secret) => `aws_secret_access_key = ${secret}`,
  (secret) => `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${secret};EndpointSuffix=core`,
  (secret) => `Endpoint=sb://shop/;SharedAccessKeyName=Root;SharedAccessKey=${secret}`,
  (secret) => `blob?sv=2024-11-04&sig=${secret}&se=2026`,
  (secret) => `Set-Cookie: JSESSIONID=${secret}; Path=/`,
  (secret) => `starting worker --token ${secret} --port 80`,
  (secret) => `mysql --password=${secret} -h db`,
  (secret) => `ALTER USER shop IDENTIFIED BY '${secret}'`,
  (secret) => `signing_key=>${secret}`,
  (secret) => `passphrase: ${secret}`,
  (secret) => `jwt secret='${secret}' loaded`,
];

export function secretLines(): readonly SecretLine[] {
  const bare = BARE.flatMap((make) =>
    PLACES.map((place) => {
      const secret = make();
      return { line: place(secret), secret };
    }),
  );
  const urlSafe = (text: string) => text.replaceAll(/[/@]/g, '.');
  const named = NAMED.flatMap((write, index) =>
    (index < 8 ? [urlSafe(password()), plainPassword()] : [plainPassword(), token(32)]).map((secret) => ({
      line: write(secret),
      secret,
    })),
  );
  const connections = [0, 1, 2, 3]
    .map(() => base64(86))
    .map((secret) => ({ line: `AccountKey=${secret};`, secret }));
  return [...bare, ...named, ...connections];
}

/** Nothing in these is secret: ids, versions, times, hashes, code, and sentences about secrets. */
export function lookAlikes(): readonly string[] {
  const many = (count: number, make: () => string) => Array.from({ length: count }, make);
  const uuid = () => [8, 4, 4, 4, 12].map((length) => random(length, HEX)).join('-');
  return [
    ...SENTENCES,
    ...many(12, () => `request_id=${uuid()} took ${octet()}ms`),
    ...many(12, () => `commit ${random(40, HEX)} deployed`),
    ...many(10, () => `sha256:${random(64, HEX)} pulled`),
    ...many(10, () => `trace_id=${random(32, HEX)} span_id=${random(16, HEX)}`),
    ...many(10, () => `release ${octet()}.${octet()}.${octet()} is out`),
    ...many(10, () => `Mozilla/5.0 Chrome/${octet()}.0.${octet()}.${octet()} Safari/537.36`),
    ...many(8, () => `agent version ${octet()}.1.${octet()}.4 started`),
    ...many(
      10,
      () => `at ${pick(['10', '23'])}:${10 + (octet() % 49)}:07 the job ${random(6, LETTERS)} ended`,
    ),
    ...many(10, () => `order 1${random(15, '0123456789')} shipped`),
    ...many(10, () => `ts=1795168800${random(9, '0123456789')} caller=main.go:${octet()}`),
    ...many(8, () => `hwaddr ${many(6, () => random(2, HEX)).join(':')} joined`),
    ...many(8, () => `object com.shop.Order@${random(7, HEX)} collected`),
    ...many(8, () => `prompt_tokens=${octet()} completion_tokens=${octet()} max_token=${octet()}`),
    ...many(8, () => `pod shop-${random(9, LETTERS)}-${random(5, LETTERS)} is ready on node-${octet()}`),
    ...many(6, () => `lodash@4.17.${octet()} and react@18.2.${octet()} installed`),
    ...many(6, () => `amount=4${random(3, '0123456789')}.${random(2, '0123456789')} EUR`),
    ...many(6, () => `std::vector<int>::at threw in Foo::bar::baz line ${octet()}`),
    ...many(6, () => `etag W/"${random(12, HEX)}" matched`),
  ];
}

const SENTENCES: readonly string[] = [
  'the password was changed for user 17',
  'password: incorrect',
  'password=***',
  'password=[REDACTED]',
  'password: required',
  '"password": null',
  'password=${DB_PASSWORD}',
  'invalid password for admin',
  'password_length=12',
  'passwordless=true',
  'token expired',
  'token: expired',
  'token: refreshed after the second attempt',
  'token=missing',
  'Unexpected token < in JSON at position 0',
  "Unexpected token '}' in JSON at position 12",
  'token_type=bearer',
  'tokens_used: 153',
  'max_tokens=4096',
  'secretary=bob',
  'Secret "db-credentials" not found in namespace shop',
  'secret: not found',
  'api key missing',
  'api_key=null',
  'apikey: invalid',
  'Authorization: required',
  'authorization failed for role viewer',
  'Basic authentication is off',
  'Bearer token is malformed',
  'basic health check passed in 12ms',
  'session_id=none',
  'cookie: missing',
  'access_key=undefined',
  'private key could not be read from /etc/ssl/key.pem',
  '-----BEGIN CERTIFICATE----- expected',
  '-----BEGIN PUBLIC KEY----- was sent instead',
  'primary_key=id',
  'cache_key=products:list:page',
  'sort key: created',
  'keyword=shoes',
  'listening on 127.0.0.1:3200',
  'bound to 0.0.0.0:80',
  'listening on [::1]:8080',
  'listening on [::]:80',
  'origin git@github.com:shop/api.git',
  'getty@tty1.service started',
  'logo@2x.png served',
  'mentioned @jane in #ops',
  '@Autowired field failed',
  'sk-learn is not installed',
  'the class sk-folding-cube-animation is unknown',
  'npm_lifecycle_event is start',
  'npm_config_cache is set',
  'ghp is no command',
  'SG.mail is down',
  'AKIA is a prefix',
  'card 4111 was declined',
  'retry 4 of 16 in 2000 ms',
  'phone 030 1234567 called',
  'eyJ is how web tokens begin',
  'https://example.org/a:b@c',
  'http://shop:8080/path',
  'see https://user@example/path',
  'ratio 12:30:45:50 of shares',
  'C:\\Users\\shop\\secret.txt not found',
  'sid=none sig=none',
  'signature: valid',
  'otp=sent',
];
