import type { Labels } from '../pipeline/entry.ts';

/** The labels that name a service, in Loki's order of preference (limits: discover_service_name). */
const SERVICE_LABELS = [
  'service',
  'app',
  'application',
  'app_name',
  'name',
  'app_kubernetes_io_name',
  'container',
  'container_name',
  'k8s_container_name',
  'component',
  'workload',
  'job',
  'k8s_job_name',
];

/** The stream labels with `service_name`, as Loki adds it. */
export function withServiceName(labels: Labels): Labels {
  if (Object.hasOwn(labels, 'service_name')) return labels;
  const from = SERVICE_LABELS.find((name) => Object.hasOwn(labels, name));
  return { ...labels, service_name: from === undefined ? 'unknown_service' : (labels[from] ?? '') };
}
