import { parser } from '@grafana/lezer-logql';

const LABELS = ['service_name', 'service', 'app', 'container', 'component', 'job'];
const QUERY_ANNOTATIONS = ['logql', 'query', 'expr'];
const QUERY_CHARACTERS_MAX = 5_000;
const SERVICES_MAX = 20;
/** A matcher that names services one by one: letters, and alternatives between bars. */
const PLAIN_NAMES = /^[\w./-]+(\|[\w./-]+)*$/;

export interface NamingAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ruleUrl?: string | undefined;
}

/** The services that an alert is about, as far as it says: by label, by the annotation "services", by its rule's LogQL. */
export function namedServices(alert: NamingAlert, serviceLabel: string): readonly string[] {
  const names = new Set<string>();
  const label = [serviceLabel, ...LABELS].find((name) => alert.labels[name]);
  if (label) names.add(alert.labels[label] ?? '');
  for (const name of (alert.annotations.services ?? '').split(',')) names.add(name.trim());
  const queries = [
    ...QUERY_ANNOTATIONS.map((name) => alert.annotations[name] ?? ''),
    ...queriesOf(alert.ruleUrl ?? ''),
  ];
  for (const query of queries)
    for (const name of servicesOfQuery(query, [serviceLabel, ...LABELS])) names.add(name);
  names.delete('');
  return [...names].slice(0, SERVICES_MAX);
}

/** The services that the stream selectors of a LogQL query name; none where it is not LogQL. */
export function servicesOfQuery(query: string, labels: readonly string[]): readonly string[] {
  if (!query.includes('{') || query.length > QUERY_CHARACTERS_MAX) return [];
  const names: string[] = [];
  parser.parse(query).iterate({
    enter: ({ name, node }) => {
      if (name !== 'Matcher') return;
      const [label, operator, value] = [
        node.getChild('Identifier'),
        node.firstChild?.nextSibling,
        node.lastChild,
      ];
      if (!label || !operator || !value || !labels.includes(query.slice(label.from, label.to))) return;
      if (value.name !== 'String') return;
      const wanted = query.slice(value.from, value.to).slice(1, -1);
      if (operator.name === 'Eq') names.push(wanted);
      if (operator.name === 'Re' && PLAIN_NAMES.test(wanted)) names.push(...wanted.split('|'));
    },
  });
  return names;
}

/** What Loki's ruler and Prometheus write into the address of a rule: `g0.expr`, or a query of Explore. */
function queriesOf(address: string): readonly string[] {
  if (!URL.canParse(address) || address.length > QUERY_CHARACTERS_MAX) return [];
  const parameters = new URL(address).searchParams;
  const plain = ['g0.expr', 'expr'].map((name) => parameters.get(name) ?? '');
  const explored = [...(parameters.get('left') ?? '').matchAll(/"expr":("(?:[^"\\]|\\.)*")/g)].map(
    ([, text]) => fromJson(text ?? '""'),
  );
  return [...plain, ...explored];
}

function fromJson(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return '';
  }
}
