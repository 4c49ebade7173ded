import type { Request } from '../request.ts';
import { accessTime, nginxTime } from '../time-format.ts';

/** nginx before the shop: one access line (combined format with request time) for each request, written at its end. */
export function gateway(
  request: Request,
  method: string,
  path: string,
  upstream: () => number,
  client: string = clientAddress(request),
): number {
  const hop = request.enter('gateway');
  request.pass(0.4);
  let status = upstream();
  request.pass(0.3);
  const tookMs = request.timeMs - hop.startMs;
  const upstreamSeconds = ((tookMs - 0.5) / 1000).toFixed(3);
  if (status === 504 || status === 502) {
    const reason =
      status === 504
        ? 'upstream timed out (110: Connection timed out) while reading response header from upstream'
        : 'upstream prematurely closed connection while reading response header from upstream';
    request.log(
      hop,
      'error',
      `${nginxTime(request.timeMs)} [error] 31#31: *${request.random.integer(100_000, 999_999)} ${reason}, client: ${client}, server: shop.example.com, request: "${method} ${path} HTTP/1.1", upstream: "http://10.0.3.${request.random.integer(11, 13)}:8080${path}", host: "shop.example.com"`,
    );
  } else if (status < 400 && request.random.chance(0.002)) {
    status = 499;
  }
  const level = status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info';
  const bytes = status >= 400 ? request.random.integer(120, 480) : request.random.integer(400, 48_000);
  request.log(
    hop,
    level,
    `${client} - - [${accessTime(request.timeMs)}] "${method} ${path} HTTP/1.1" ${status} ${bytes} "https://shop.example.com/" "${request.random.pick(BROWSERS)}" rt=${(tookMs / 1000).toFixed(3)} urt=${upstreamSeconds}`,
  );
  return status;
}

function clientAddress(request: Request): string {
  const bits = request.random.bits();
  return `${81 + ((bits >>> 24) & 15)}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
}

const BROWSERS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'ShopApp/4.12.0 (Android 15)',
];
