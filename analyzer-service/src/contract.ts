// The shapes of the API's answers, for the plugin, which imports types only.
export type { AnalyzeAnswer } from './features/ai-logs/analyze/schema.ts';
export type { ConversationAnswer } from './features/ai-logs/conversations/schema.ts';
export type { GraphAnswer, RequestAnswer } from './features/ai-logs/correlate/schema.ts';
export type { MetricsAnswer } from './features/ai-logs/metrics/schema.ts';
export type { AiLogsAnswer } from './features/ai-logs/schema.ts';
export type { WorkspaceAnswer } from './features/ai-logs/workspace/schema.ts';
export type { CacheStats } from './features/cache/schema.ts';
export type { Health } from './features/health/schema.ts';
export type { ServerMessage, StreamLine } from './features/stream/schema.ts';
export type { IncidentAnswer, IncidentsAnswer } from './features/incidents/schema.ts';
export type {
  AnalysisAnswer,
  AnalysisHead,
  AnalysisRequest,
  AnalysisResult,
} from './features/analyses/schema.ts';
export type {
  ChatAnswer,
  ChatRequest,
  ChatSession,
  ChatSessionHead,
  ChatSessions,
  ChatTurn,
} from './features/chat/schema.ts';
export type { ModelHealth, ModelMetrics, ModelUsage } from './features/model-use/schema.ts';
export type { GeneratedBatch, GeneratedText, ModelsAnswer } from './features/models/schema.ts';
export type {
  PromptPreview,
  PromptTemplate,
  Settings,
  SettingsChange,
  SummaryAnswer,
  SummaryRequest,
} from './features/summaries/schema.ts';
export type { LogEntry, ServiceLog } from './features/service-log/schema.ts';
