import type { BenchRow } from '../rows.ts';
import type { ServiceProcess } from './service-process.ts';

/** Exports a whole window and looks at the service's memory while it runs. */
export async function benchExport(
  service: ServiceProcess,
  window: { readonly start: string; readonly end: string },
  format: string,
): Promise<BenchRow[]> {
  const cpuBefore = await service.cpuSeconds();
  const startedMs = performance.now();
  const response = await fetch(`${service.url}/api/v1/ai_logs/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ format, ...window }),
  });
  if (!response.ok || !response.body) throw new Error(await response.text());
  let bytes = 0;
  for await (const chunk of response.body) bytes += chunk.length;
  const seconds = (performance.now() - startedMs) / 1_000;
  const cpuSeconds = (await service.cpuSeconds()) - cpuBefore;
  const what = `export ${format}`;
  return [
    { what: `${what}: time`, value: seconds, unit: 's' },
    { what: `${what}: processor time of the service`, value: cpuSeconds, unit: 's' },
    { what: `${what}: highest memory of the service`, value: (await service.memory()).highest, unit: 'MB' },
    { what: `${what}: size`, value: bytes / 1e6, unit: 'MB' },
  ];
}
