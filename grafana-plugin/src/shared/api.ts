import { lastValueFrom } from 'rxjs';
import { getBackendSrv } from '@grafana/runtime';
import type {
  AiLogsAnswer,
  CacheStats,
  Health,
  MetricsAnswer,
} from '../../../analyzer-service/src/contract.ts';
import { PLUGIN_ID } from '../app/pluginId';
import { explainFailure } from './apiError';

// The only file that calls the analyzer: through Grafana's plugin proxy, which adds the key.

const API = `/api/plugin-proxy/${PLUGIN_ID}/backend/api/v1`;

export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

export const api = {
  query: (parameters: Parameters, signal: AbortSignal) =>
    get<AiLogsAnswer>('ai_logs/query', parameters, signal),
  metrics: (parameters: Parameters, signal: AbortSignal) =>
    get<MetricsAnswer>('ai_logs/metrics', parameters, signal),
  health: (signal: AbortSignal) => get<Health>('ai_logs/health', {}, signal),
  cacheStats: (signal: AbortSignal) => get<CacheStats>('ai_logs/cache', {}, signal),
};

/** Throws ApiError with a sentence for the user. Nothing of a failure reaches Grafana's own alerts. */
function get<Answer>(path: string, parameters: Parameters, signal: AbortSignal): Promise<Answer> {
  return request<Answer>('GET', withParameters(path, parameters), signal);
}

async function request<Answer>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  signal: AbortSignal,
  data?: unknown,
): Promise<Answer> {
  try {
    const call = { url: `${API}/${path}`, method, data, abortSignal: signal, showErrorAlert: false };
    return (await lastValueFrom(getBackendSrv().fetch<Answer>(call))).data;
  } catch (error) {
    throw explainFailure(error);
  }
}

function withParameters(path: string, parameters: Parameters): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return search ? `${path}?${search}` : path;
}
