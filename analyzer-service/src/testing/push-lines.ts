import assert from 'node:assert/strict';

let lastNs = 0n;

/** Stores lines now, each a nanosecond after the one before. */
export async function push(storeUrl: string, service: string, texts: readonly string[], level = 'info') {
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  if (nowNs > lastNs) lastNs = nowNs;
  const values = texts.map((text) => [`${++lastNs}`, text, { detected_level: level }]);
  const response = await fetch(`${storeUrl}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams: [{ stream: { service_name: service }, values }] }),
  });
  assert.equal(response.status, 204, await response.text());
}

export const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name} ${index}`);
