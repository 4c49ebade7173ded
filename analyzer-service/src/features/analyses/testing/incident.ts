const START_MS = Date.UTC(2026, 10, 20, 10);

/** An hour of a healthy shop whose pool of connections runs empty 40 minutes in, with stack traces. */
export function incident(): string {
  const lines: string[] = [];
  for (let second = 0; second < 3_600; second++) {
    const time = new Date(START_MS + second * 1_000).toISOString();
    lines.push(`${time} INFO [main] shop.Orders: order ${second} accepted in ${20 + (second % 7)} ms`);
    if (second >= 2_400 && second % 2 === 0)
      lines.push(
        `${time} ERROR [main] shop.Pool: no connection left for order ${second}`,
        'java.lang.IllegalStateException: pool is empty',
        '    at shop.Pool.take(Pool.java:12)',
      );
  }
  return `${lines.join('\n')}\n`;
}
