import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageStart } from './header.ts';

/** A bar stands where the message begins. */
const LINES: readonly string[] = [
  '2026-03-01 10:00:00,123 INFO  [main] org.acme.Shop: |order 7 paid',
  '2026-03-01T10:00:00.1Z WARN |order 7 paid',
  '2026-03-01T10:00:00Z\tERROR\tshop/pay.go:12\t|order 7 paid',
  '2026-03-01 10:00:00.123 ERROR 4711 --- [nio-8080-exec-1] o.acme.Shop               : |order 7 lost',
  '2026-03-01 10:00:00 [worker-3] |order 7 paid',
  '2026-03-01 10:00:00 - DEBUG - |order 7 paid',
  '2026-03-01 10:00:00, Info                  SHOP    |order 7 paid',
  '2026-03-01T10:00:00.1Z stdout F |order 7 paid',
  'Mar  1 10:00:00 web1 shop[4711]: |order 7 paid',
  'Mar  1 10:00:00 web1 launchd[1] (com.acme.shop[4711]): |order 7 paid',
  'Mar  1 10:00:00 web1 kernel: |disk 7 is full',
  '[Sun Mar 01 10:00:00 2026] [error] |disk 7 is full',
  '03-01 10:00:00.123  1702  2395 D ShopManager: |order 7 paid',
  '260301 100000 32 INFO acme.Shop$Cart: |order 7 paid',
  '- 1772359200 2026.03.01 n17 2026-03-01-10.00.00.123 n17 RAS KERNEL INFO |order 7 paid',
  'I0301 10:00:00.123456       1 shop.go:116] |order 7 paid',
  'shop.log.1 2026-03-01 10:00:00 25746 INFO acme.shop.cart [req-1 - - -] |order 7 paid',
  '[03.01 10:00:00] shop.exe *64 - |order 7 paid',
  '2026-03-01 10:00:00 |12 orders paid',
  '|order 7 paid at 10:00:00',
  '|ERROR: order 7 lost',
  '|1365301360 orders paid',
  '|[main] order 7 paid',
  '|2026-03-01 10:00:00',
];

for (const marked of LINES) {
  const start = marked.lastIndexOf('|');
  const line = marked.slice(0, start) + marked.slice(start + 1);
  void test(`the message begins behind the columns: ${marked}`, () => {
    const bytes = new TextEncoder().encode(`x${line}`);
    assert.equal(messageStart(bytes, 1, bytes.length) - 1, start);
  });
}

void test('a header of any length costs bounded time', () => {
  for (const text of [
    '2026-03-01 '.repeat(5000),
    `2026-03-01 ${'['.repeat(50_000)}`,
    `2026-03-01 ${'a b '.repeat(9000)}`,
  ]) {
    const bytes = new TextEncoder().encode(text);
    assert.ok(messageStart(bytes, 0, bytes.length) <= 600);
  }
});
