import type { Labels } from '../pipeline/entry.ts';
import { labelNameOf } from '../pipeline/label-name.ts';
import { labelsTextOf } from '../store/streams.ts';
import type { OtlpAttributes, OtlpRecord, OtlpResource, OtlpScope, OtlpValue } from './otlp-model.ts';
import type { PushedStream } from './pushed-stream.ts';

/** Resource attributes that Loki makes stream labels (limits: otlp_config.default_resource_attributes_as_index_labels). */
const INDEX_ATTRIBUTES = new Set([
  'service.name',
  'service.namespace',
  'service.instance.id',
  'deployment.environment',
  'deployment.environment.name',
  'cloud.region',
  'cloud.availability_zone',
  'k8s.cluster.name',
  'k8s.namespace.name',
  'k8s.pod.name',
  'k8s.container.name',
  'container.name',
  'k8s.replicaset.name',
  'k8s.deployment.name',
  'k8s.statefulset.name',
  'k8s.daemonset.name',
  'k8s.cronjob.name',
  'k8s.job.name',
]);

/** OTLP logs as streams: a few resource attributes are labels, all else is structured metadata. */
export function streamsOfOtlp(resources: readonly OtlpResource[], nowMs: number): PushedStream[] {
  const streams = new Map<string, PushedStream>();
  for (const { attributes, scopes } of resources) {
    const [indexed, others] = splitResource(attributes);
    const labels = flatten(indexed);
    if (Object.keys(labels).length === 0) labels.service_name = 'unknown_service';
    const key = labelsTextOf(labels);
    const stream = streams.get(key) ?? { labels, timestamps: [], lines: [], metadata: [] };
    streams.set(key, stream);
    const resourceMetadata = flatten(others);
    for (const scope of scopes) addRecords(stream, scope, resourceMetadata, nowMs);
  }
  return [...streams.values()];
}

function splitResource(attributes: OtlpAttributes): [OtlpAttributes, OtlpAttributes] {
  const entries = Object.entries(attributes);
  return [
    Object.fromEntries(entries.filter(([name]) => INDEX_ATTRIBUTES.has(name))),
    Object.fromEntries(entries.filter(([name]) => !INDEX_ATTRIBUTES.has(name))),
  ];
}

function addRecords(stream: PushedStream, scope: OtlpScope, resourceMetadata: Labels, nowMs: number): void {
  const shared: Record<string, string> = { ...resourceMetadata, ...flatten(scope.attributes) };
  if (scope.name !== '') shared.scope_name = scope.name;
  if (scope.version !== '') shared.scope_version = scope.version;
  for (const record of scope.records) {
    const timeNs = record.timeNs > 0n ? record.timeNs : record.observedNs;
    stream.timestamps.push(timeNs > 0n ? String(timeNs) : `${nowMs}000000`);
    stream.lines.push(typeof record.body === 'string' ? record.body : valueText(record.body));
    stream.metadata.push({ ...shared, ...recordMetadata(record) });
  }
}

function recordMetadata(record: OtlpRecord): Record<string, string> {
  const metadata = flatten(record.attributes);
  if (record.observedNs > 0n) metadata.observed_timestamp = String(record.observedNs);
  if (record.severityNumber > 0) metadata.severity_number = String(record.severityNumber);
  if (record.severityText !== '') metadata.severity_text = record.severityText;
  if (record.flags > 0) metadata.flags = String(record.flags);
  if (record.traceId !== '') metadata.trace_id = record.traceId;
  if (record.spanId !== '') metadata.span_id = record.spanId;
  return metadata;
}

/** Nested attributes are joined by `_`. */
function flatten(attributes: OtlpAttributes, prefix = ''): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const key = prefix === '' ? labelNameOf(name) : `${prefix}_${labelNameOf(name, false)}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      Object.assign(labels, flatten(value, key));
    else labels[key] = valueText(value);
  }
  return labels;
}

function valueText(value: OtlpValue): string {
  if (value === null) return '';
  if (typeof value === 'object')
    return JSON.stringify(value, (_, item: OtlpValue) => (typeof item === 'bigint' ? Number(item) : item));
  return String(value);
}
