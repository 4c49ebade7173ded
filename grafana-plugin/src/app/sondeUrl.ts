import { dateTimeParse } from '@grafana/data';
import { APP_PATH } from './pluginId';

/** What the places that link to Sonde tell of themselves; all of it may be missing. */
interface LinkContext {
  readonly targets?: ReadonlyArray<{ readonly expr?: unknown }>;
  readonly timeRange?: { readonly from?: unknown; readonly to?: unknown; readonly raw?: unknown };
  readonly labels?: Readonly<Record<string, unknown>>;
  readonly instance?: { readonly labels?: Readonly<Record<string, unknown>> };
  readonly rule?: { readonly labels?: Readonly<Record<string, unknown>>; readonly query?: unknown };
}

const SERVICE_LABELS = ['service_name', 'service'];

/** The troubleshooting page for the services and the time that a query, a panel or an alert rule is about. */
export function sondeUrl(context: object | undefined): string {
  const { targets, timeRange, labels, instance, rule } = (context ?? {}) as LinkContext;
  const search = new URLSearchParams();
  const from = timeText(timeRange?.from);
  const to = timeText(timeRange?.to);
  if (from && to) {
    search.set('from', from);
    search.set('to', to);
  }
  const queries = [...(targets ?? []).map(({ expr }) => expr), rule?.query];
  const services = new Set([
    ...queries.flatMap(servicesOf),
    ...[labels, instance?.labels, rule?.labels].flatMap(serviceOfLabels),
  ]);
  if (services.size > 0) {
    search.set('services', [...services].join(','));
  }
  const text = search.toString();
  return `${APP_PATH}/troubleshoot${text ? `?${text}` : ''}`;
}

/** Services that a LogQL query names by equality, or by a regular expression that is a plain list. */
function servicesOf(expr: unknown): string[] {
  if (typeof expr !== 'string') {
    return [];
  }
  const matches = expr.slice(0, 10_000).matchAll(/\bservice(?:_name)?\s*(=~?)\s*"([\w.|-]{1,1000})"/g);
  return [...matches].flatMap(([, operator, value = '']) => {
    if (operator === '=') {
      return [value];
    }
    return /[.]/.test(value) ? [] : value.split('|').filter(Boolean);
  });
}

function serviceOfLabels(labels: Readonly<Record<string, unknown>> | undefined): string[] {
  return SERVICE_LABELS.map((name) => labels?.[name]).filter((value) => typeof value === 'string');
}

function timeText(time: unknown): string | null {
  if (typeof time === 'string' && time.startsWith('now')) {
    return time;
  }
  if (time === undefined || time === null) {
    return null;
  }
  const ms = dateTimeParse(time as string).valueOf();
  return Number.isFinite(ms) ? String(ms) : null;
}
