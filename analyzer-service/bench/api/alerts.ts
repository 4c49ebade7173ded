import type { IncidentAnswer, IncidentsAnswer } from '../../src/features/incidents/schema.ts';
import { recordingServer } from '../../src/testing/recording-server.ts';
import { eventually } from '../../src/testing/test-access.ts';
import type { BenchRow } from '../rows.ts';
import type { ServiceProcess } from './service-process.ts';

const ALERTS = 10;
const SERVICES = ['payments', 'api', 'gateway'];
const WAIT_MS_MAX = 120_000;

interface AlertBench {
  /** Starts a service that annotates at this address, without answers kept from before. */
  readonly start: (grafanaUrl: string) => Promise<ServiceProcess>;
  readonly faultMs: number;
}

/** One alert, and in a service of its own ten at once: from the webhook until Grafana has the annotation. */
export async function benchAlerts(bench: AlertBench): Promise<BenchRow[]> {
  return [...(await benchBurst(bench, 1)), ...(await benchBurst(bench, ALERTS))];
}

async function benchBurst({ start, faultMs }: AlertBench, count: number): Promise<BenchRow[]> {
  await using closing = new AsyncDisposableStack();
  const annotated = Promise.withResolvers<number>();
  const grafana = await recordingServer(
    { after: (stop) => closing.defer(async () => (stop as () => void)()) },
    () => {
      annotated.resolve(performance.now());
      return { status: 200, body: { id: 1 } };
    },
  );
  const service = closing.adopt(await start(grafana.url), (running) => running.close());
  const cpuBefore = await service.cpuSeconds();
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: count }, (_, index) => fire(service, faultMs, index)));
  const answeredMs = performance.now() - startedMs;
  const giveUp = setTimeout(() => annotated.reject(new Error('Grafana got no annotation')), WAIT_MS_MAX);
  const annotatedMs = (await annotated.promise) - startedMs;
  clearTimeout(giveUp);
  const cpuSeconds = (await service.cpuSeconds()) - cpuBefore;
  const { incidents, analyses } = await countWork(service, count);
  const what = count === 1 ? 'an alert' : `${count} alerts at once`;
  return [
    { what: `${what}: every webhook answered`, value: answeredMs, unit: 'ms' },
    { what: `${what}: webhook to annotation`, value: annotatedMs, unit: 'ms' },
    { what: `${what}: processor time of the service`, value: cpuSeconds, unit: 's' },
    { what: `${what}: incidents`, value: incidents, unit: 'incidents' },
    { what: `${what}: analyses`, value: analyses, unit: 'analyses' },
  ];
}

async function fire({ url }: ServiceProcess, faultMs: number, index: number): Promise<void> {
  const alert = {
    status: 'firing',
    labels: { alertname: `alert ${index}`, service_name: SERVICES[index % SERVICES.length] },
    startsAt: new Date(faultMs + index * 1_000).toISOString(),
    fingerprint: `${index}`,
  };
  const body = JSON.stringify({ status: 'firing', alerts: [alert] });
  const response = await fetch(`${url}/api/v1/alerts/webhook`, { method: 'POST', body });
  if (response.status !== 202) throw new Error(await response.text());
}

/** Once every alert has its place. */
async function countWork({ url }: ServiceProcess, alerts: number) {
  let incidents: IncidentsAnswer['incidents'] = [];
  const read = async <T>(path: string) => (await (await fetch(`${url}/api/v1/${path}`)).json()) as T;
  await eventually(async () => {
    ({ incidents } = await read<IncidentsAnswer>('incidents'));
    return incidents.reduce((sum, one) => sum + one.alerts, 0) === alerts;
  }, WAIT_MS_MAX);
  const whole = await Promise.all(incidents.map(({ id }) => read<IncidentAnswer>(`incidents/${id}`)));
  const events = whole.flatMap(({ timeline }) => timeline.filter(({ kind }) => kind === 'analysis'));
  return { incidents: incidents.length, analyses: events.length };
}
