import { lastValueFrom } from 'rxjs';
import { getBackendSrv } from '@grafana/runtime';
import type {
  AiLogsAnswer,
  AnalysisAnswer,
  AnalysisHead,
  AnalysisRequest,
  AnalyzeAnswer,
  CacheStats,
  ConversationAnswer,
  GraphAnswer,
  Health,
  IncidentAnswer,
  IncidentsAnswer,
  MetricsAnswer,
  ModelsAnswer,
  PromptPreview,
  PromptTemplate,
  RequestAnswer,
  ServerMessage,
  Settings,
  SettingsChange,
  WorkspaceAnswer,
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
  correlate: (parameters: Parameters, signal: AbortSignal) =>
    get<GraphAnswer | RequestAnswer>('ai_logs/correlate', parameters, signal),
  /** The graph of a window; `correlate` gives it when no id is asked for. */
  graph: (parameters: Parameters, signal: AbortSignal) =>
    get<GraphAnswer>('ai_logs/correlate', parameters, signal),
  analyze: (parameters: Parameters, signal: AbortSignal) =>
    get<AnalyzeAnswer>('ai_logs/analyze', parameters, signal),
  changePattern: (id: string, change: object) =>
    request<object>(
      'PUT',
      `ai_logs/patterns/${encodeURIComponent(id)}`,
      new AbortController().signal,
      change,
    ),
  createPattern: (pattern: object) =>
    request<object>('POST', 'ai_logs/patterns', new AbortController().signal, pattern),
  conversation: (id: string, parameters: Parameters, signal: AbortSignal) =>
    get<ConversationAnswer>(`ai_logs/conversations/${encodeURIComponent(id)}`, parameters, signal),
  workspace: (id: string, parameters: Parameters, signal: AbortSignal) =>
    get<WorkspaceAnswer>(`ai_logs/workspace/${encodeURIComponent(id)}/summary`, parameters, signal),
  incidents: (parameters: Parameters, signal: AbortSignal) =>
    get<IncidentsAnswer>('incidents', parameters, signal),
  incident: (id: string, signal: AbortSignal) =>
    get<IncidentAnswer>(`incidents/${encodeURIComponent(id)}`, {}, signal),
  changeIncident: (id: string, change: IncidentChange) =>
    request<object>('PATCH', `incidents/${encodeURIComponent(id)}`, new AbortController().signal, change),
  analyse: (asked: AnalysisRequest, signal: AbortSignal) =>
    request<AnalysisHead>('POST', 'analyses', signal, { ...asked, background: true }),
  analyses: (parameters: Parameters, signal: AbortSignal) =>
    get<{ readonly analyses: readonly AnalysisHead[] }>('analyses', parameters, signal),
  analysis: (id: string, signal: AbortSignal) =>
    get<AnalysisAnswer>(`analyses/${encodeURIComponent(id)}`, {}, signal),
  deleteAnalysis: (id: string) =>
    request<unknown>('DELETE', `analyses/${encodeURIComponent(id)}`, new AbortController().signal),
  deleteAnalyses: () =>
    request<{ readonly removed: number }>('DELETE', 'analyses', new AbortController().signal),
  models: (signal: AbortSignal) => get<ModelsAnswer>('models', {}, signal),
  changeModel: (model: string, action: 'load' | 'unload', signal: AbortSignal) =>
    request<ModelsAnswer>('POST', `models/${action}`, signal, { model }),
  templates: (signal: AbortSignal) =>
    get<{ readonly templates: readonly PromptTemplate[] }>('templates', {}, signal),
  saveTemplate: (name: string, text: string) =>
    request<unknown>('PUT', `templates/${encodeURIComponent(name)}`, new AbortController().signal, { text }),
  deleteTemplate: (name: string) =>
    request<unknown>('DELETE', `templates/${encodeURIComponent(name)}`, new AbortController().signal),
  previewTemplate: (text: string, signal: AbortSignal) =>
    request<PromptPreview>('POST', 'templates/preview', signal, { text }),
  settings: (signal: AbortSignal) => get<Settings>('settings', {}, signal),
  changeSettings: (change: SettingsChange) =>
    request<Settings>('PUT', 'settings', new AbortController().signal, change),
  /** A draft in Markdown. */
  postmortem: (id: string, signal: AbortSignal) =>
    get<string>(`incidents/${encodeURIComponent(id)}/postmortem`, {}, signal),
  health: (signal: AbortSignal) => get<Health>('ai_logs/health', {}, signal),
  cacheStats: (signal: AbortSignal) => get<CacheStats>('ai_logs/cache', {}, signal),
};

export interface IncidentChange {
  readonly state?: 'acknowledged' | 'resolved';
  readonly feedback?: { readonly verdict: 'right' | 'wrong'; readonly true_cause?: string };
}

const LOOK_AGAIN_MS = 2_000;

/** How far an analysis is, until it is over. The browser opens a lost connection again by itself. */
export function followAnalysis(
  id: string,
  onStatus: (head: AnalysisHead) => void,
  onOver: () => void,
): LiveConnection {
  const source = new EventSource(`${API}/analyses/${encodeURIComponent(id)}/events`);
  source.addEventListener('analysis_status', (event) =>
    onStatus(JSON.parse((event as MessageEvent<string>).data) as AnalysisHead),
  );
  source.addEventListener('analysis_result', () => {
    source.close();
    onOver();
  });
  // A refusal ends it for good, and so does what the browser does not open again: then it is asked for the plain way.
  source.addEventListener('error', (event) => {
    if (event instanceof MessageEvent || source.readyState === EventSource.CLOSED) {
      source.close();
      setTimeout(onOver, LOOK_AGAIN_MS);
    }
  });
  return source;
}

export interface LiveConnection {
  close(): void;
}

const STREAM_EVENTS = ['subscribed', 'source', 'lines', 'missed', 'alert', 'metrics', 'error'] as const;

/** Live lines as server-sent events, which pass Grafana's proxy. The browser opens a lost connection again by itself. */
export function openStream(
  filter: Parameters,
  onMessage: (message: ServerMessage) => void,
  onLost: () => void,
): LiveConnection {
  const source = new EventSource(`${API}/${withParameters('ai_logs/stream', filter)}`);
  for (const type of STREAM_EVENTS) {
    source.addEventListener(type, (event) => {
      // The browser's own 'error' event has no data.
      if (event instanceof MessageEvent) {
        onMessage(JSON.parse(event.data as string) as ServerMessage);
      }
    });
  }
  source.onerror = onLost;
  return source;
}

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
