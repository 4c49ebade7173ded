/** Aborts on the first Ctrl-C or SIGTERM. A terminal sends one to every process of the group: more change nothing. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}
