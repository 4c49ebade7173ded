import { Request } from './request.ts';
import { chat } from './services/anythingllm.ts';
import { api, callUpstream, writeApi } from './services/api.ts';
import { attackLogin, logIn, verifyToken } from './services/auth.ts';
import { queryDatabase } from './services/database.ts';
import { gateway } from './services/gateway.ts';
import { pay } from './services/payments.ts';
import { search } from './services/search.ts';
import { runJob } from './services/worker.ts';
import type { Shop } from './shop.ts';

/** One request of a visitor from the gateway down and back; writes all its lines. */
export function visit(shop: Shop, timeMs: number): void {
  const request = new Request(shop, timeMs);
  let die = request.random.unit();
  for (const [share, journey] of JOURNEYS) {
    die -= share;
    if (die < 0) return journey(request);
  }
}

/** One login attempt of an attacker: few addresses, many names. */
export function attack(shop: Shop, timeMs: number): void {
  const request = new Request(shop, timeMs);
  const client = `203.0.113.${request.random.integer(40, 43)}`;
  gateway(
    request,
    'POST',
    '/api/login',
    () =>
      api(request, 'POST', '/login', (hop) =>
        callUpstream(request, hop, 'auth', 2000, () => attackLogin(request, client)),
      ),
    client,
  );
}

/** Shares add up to 1. */
const JOURNEYS: readonly (readonly [share: number, journey: (request: Request) => void])[] = [
  [0.29, findProducts],
  [0.24, viewProduct],
  [0.12, signIn],
  [0.15, checkOut],
  [0.12, askAssistant],
  [0.07, fetchAsset],
  [0.01, fetchMissing],
];

function findProducts(request: Request): void {
  gateway(request, 'GET', `/api/search?page=${request.random.integer(1, 5)}`, () =>
    api(request, 'GET', '/search', (hop) =>
      callUpstream(request, hop, 'search', 2000, () => search(request)),
    ),
  );
}

function viewProduct(request: Request): void {
  const product = request.random.integer(1000, 9999);
  gateway(request, 'GET', `/api/products/${product}`, () =>
    api(request, 'GET', '/products/:id', (hop) => {
      if (!queryDatabase(request, 'api', 'SELECT id, name, price FROM products WHERE id = $1')) return 500;
      if (request.random.chance(0.003)) {
        writeApi(
          request,
          hop,
          'error',
          'recommendations are missing, page shown without them',
          `,"product":${product}`,
        );
      }
      return queryDatabase(request, 'api', 'SELECT rating, body FROM reviews WHERE product_id = $1 LIMIT 5')
        ? 200
        : 500;
    }),
  );
}

function signIn(request: Request): void {
  const client = `93.184.${request.random.integer(0, 255)}.${request.random.integer(1, 254)}`;
  gateway(
    request,
    'POST',
    '/api/login',
    () =>
      api(request, 'POST', '/login', (hop) =>
        callUpstream(request, hop, 'auth', 2000, () => logIn(request, client)),
      ),
    client,
  );
}

function checkOut(request: Request): void {
  gateway(request, 'POST', '/api/checkout', () =>
    api(request, 'POST', '/checkout', (hop) => {
      const known = callUpstream(request, hop, 'auth', 2000, () => verifyToken(request));
      if (known !== 200) return known;
      if (request.random.chance(0.012)) {
        writeApi(request, hop, 'warn', 'cart rejected: address is incomplete', ',"field":"postal_code"');
        return 422;
      }
      const paid = callUpstream(request, hop, 'payments', 2000, () => pay(request));
      if (paid !== 200) return paid;
      if (!queryDatabase(request, 'api', 'UPDATE carts SET state = $1 WHERE id = $2')) return 500;
      writeApi(request, hop, 'info', 'order placed, receipt queued', ',"queue":"mail"');
      runJob(request, 'mail', 'send-receipt');
      return 201;
    }),
  );
}

function askAssistant(request: Request): void {
  const conversation = request.shop.conversation();
  request.share({ conversation_id: conversation.conversationId, workspace_id: conversation.workspaceId });
  gateway(request, 'POST', '/api/chat', () =>
    api(request, 'POST', '/chat', (hop) => {
      const known = callUpstream(request, hop, 'auth', 2000, () => verifyToken(request));
      if (known !== 200) return known;
      const answered = callUpstream(request, hop, 'anythingllm', 30_000, () => chat(request, conversation));
      if (answered === 200 && request.random.chance(0.3)) runJob(request, 'embeddings', 'embed-message');
      return answered;
    }),
  );
}

function fetchAsset(request: Request): void {
  gateway(request, 'GET', `/assets/${request.random.pick(['app', 'vendor', 'shop'])}.js`, () => 200);
}

/** Scanners look for holes in any shop, all day. */
function fetchMissing(request: Request): void {
  gateway(
    request,
    'GET',
    request.random.pick(['/wp-login.php', '/.env', '/favicon.png', '/admin.php']),
    () => 404,
  );
}
