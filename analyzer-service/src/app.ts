import { OpenAPIHono } from '@hono/zod-openapi';
import { except } from 'hono/combine';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import type { Deps } from './deps.ts';
import { aiLogsRoutes } from './features/ai-logs/routes.ts';
import { mcpRoutes } from './features/ai-logs/mcp/routes.ts';
import { patternRoutes } from './features/ai-logs/patterns/routes.ts';
import { exportRoutes } from './features/export/routes.ts';
import { pageRoutes, pluginProxy } from './features/page/routes.ts';
import { incidentsRoutes } from './features/incidents/routes.ts';
import { healthRoutes } from './features/health/routes.ts';
import { summariesRoutes } from './features/summaries/routes.ts';
import { openAiRoutes } from './features/models/openai/routes.ts';
import { generateSocketRoute, modelRoutes } from './features/models/routes.ts';
import { streamRoutes } from './features/stream/routes.ts';
import { serviceLogRoutes } from './features/service-log/routes.ts';
import { analysesRoutes, analysisSocketRoute } from './features/analyses/routes.ts';
import { chatRoutes, chatSocketRoute } from './features/chat/routes.ts';
import { modelUseRoutes } from './features/model-use/routes.ts';
import { cacheRoutes } from './features/cache/routes.ts';
import { checkAccess } from './http/access.ts';
import { allowAddresses } from './http/allowed-addresses.ts';
import { allowOrigins } from './http/allow-origins.ts';
import type { AppEnvironment } from './http/app-environment.ts';
import { auditChanges } from './http/audit-changes.ts';
import { checkAlertSender } from './http/check-alert-sender.ts';
import { answerError, writeError } from './http/error-answers.ts';
import { limitBody } from './http/limit-body.ts';
import { limitRequestsAtOnce } from './http/limit-requests.ts';
import { noSuchRoute } from './http/no-such-route.ts';
import { docsPage, describeApi } from './http/openapi.ts';
import { isLoopback, refuseForeignHosts } from './http/refuse-foreign-hosts.ts';
import { requestLog } from './http/request-log.ts';
import type { SocketAccess } from './http/socket-route.ts';
import { requestMetrics } from './http/request-metrics.ts';

/** An orchestrator asks without a key; a browser's socket gives it in its first message. */
const OPEN_PATHS = [
  '/api/v1/ai_logs/health',
  '/api/v1/ai_logs/health/*',
  ...['analyses', 'generate', 'chat'].map((asked) => `/api/v1/${asked}/socket`),
];
/** Has ways of its own to tell who calls. */
const ALERTS_PATH = '/api/v1/alerts/webhook';
/** Takes whole files, within a limit of its own. */
const UPLOAD_PATH = '/api/v1/analyses';
/** Answers that cost work. */
const LIMITED_PATHS = [
  'query',
  'correlate',
  'analyze',
  'metrics',
  'conversations/*',
  'workspace/*',
  'patterns/test',
];

/** The HTTP service: middleware, one line a feature, and one place for errors. */
export function createApp(deps: Deps): OpenAPIHono<AppEnvironment> {
  const { config, log } = deps;
  const app = new OpenAPIHono<AppEnvironment>();
  if (config.PAGE_ENABLED)
    app.route(
      '/',
      pluginProxy((request, env) => app.fetch(request, env as object)),
    );
  app.use(requestId({ limitLength: 64 }));
  app.use(requestLog(log));
  app.use(requestMetrics((request) => deps.metrics.observeRequest(request)));
  app.use(secureHeaders());
  app.use(allowAddresses(config.ALLOWED_IPS));
  const isOpenOnLoopback = () => isLoopback(config.HOST) && !deps.access.keysNeeded();
  app.use(refuseForeignHosts({ isOpenOnLoopback, allowed: config.ALLOWED_HOSTS }));
  if (config.CORS_ORIGINS.length > 0) app.use('/api/*', allowOrigins(config.CORS_ORIGINS));
  app.use(
    '/api/*',
    except([...OPEN_PATHS, ALERTS_PATH], checkAccess(deps.access), auditChanges(deps.recordChange)),
  );
  app.use('/v1/*', checkAccess(deps.access), auditChanges(deps.recordChange));
  app.use('/mcp', checkAccess(deps.access, true));
  app.use(except(UPLOAD_PATH, limitBody(config.REQUEST_BODY_BYTES_MAX, 'REQUEST_BODY_BYTES_MAX')));
  app.on('POST', UPLOAD_PATH, limitRequestsAtOnce(config.UPLOADS_AT_ONCE_MAX));
  app.use(UPLOAD_PATH, limitBody(config.ANALYSIS_BYTES_MAX, 'ANALYSIS_BYTES_MAX'));
  app.use(ALERTS_PATH, checkAlertSender(deps.alerts.sender, checkAccess(deps.access)));
  app.use(ALERTS_PATH, auditChanges(deps.recordChange));
  const limitAtOnce = limitRequestsAtOnce(config.REQUESTS_AT_ONCE_MAX);
  for (const path of LIMITED_PATHS) app.use(`/api/v1/ai_logs/${path}`, limitAtOnce);
  app.use('/mcp', limitAtOnce);

  app.route('/api/v1/ai_logs', healthRoutes(deps.health));
  app.route(
    '/api/v1/ai_logs',
    aiLogsRoutes(deps.aiLogs, (facts, request, signal) => deps.summaries.write(facts, request, signal)),
  );
  app.route('/api/v1/ai_logs', patternRoutes(deps.patterns));
  app.route('/api/v1/ai_logs', exportRoutes(deps.exports));
  app.route('/api/v1/ai_logs', streamRoutes(deps.streams, config.CORS_ORIGINS));
  app.route('/api/v1/ai_logs', cacheRoutes(deps.cache));
  app.route('/api/v1', summariesRoutes(deps.summaries, deps.factsOf));
  app.route('/api/v1', analysisSocketRoute(deps.analysisSocket, socketAccess(deps)));
  app.route('/api/v1', serviceLogRoutes(deps.ringLog));
  app.route('/api/v1', analysesRoutes(deps.analyses, deps.jobs));
  addModelRoutes(app, deps);
  app.route('/api/v1', incidentsRoutes(deps.alerts.incidents));
  app.route('/mcp', mcpRoutes(deps.agents, config.CORS_ORIGINS));
  app.get('/metrics', async (c) =>
    c.body(await deps.metrics.text(), 200, { 'content-type': deps.metrics.contentType }),
  );
  describeApi(app, deps.health.version);
  app.route('/docs', docsPage());
  if (config.PAGE_ENABLED) app.route('/', pageRoutes(deps.pluginDir));
  else app.get('/', (c) => c.redirect('/docs'));

  app.notFound((c) => {
    const { code, message } = noSuchRoute(c, app.routes);
    return writeError(c, code, message);
  });
  app.onError((error, c) =>
    answerError(error, c, (unforeseen) =>
      log.error({ err: unforeseen, requestId: c.get('requestId') }, 'request failed'),
    ),
  );
  return app;
}

function socketAccess({ sockets, access, config }: Deps): SocketAccess {
  return { sockets, access, origins: config.CORS_ORIGINS };
}

/** Models themselves: asked, talked to, watched and counted. */
function addModelRoutes(app: OpenAPIHono<AppEnvironment>, deps: Deps): void {
  const { config, models, chat, cache } = deps;
  const limits = {
    promptCharsMax: config.MODEL_PROMPT_CHARS_MAX,
    tokensMax: config.MODEL_TOKENS_MAX,
    timeoutMs: config.MODEL_TIMEOUT_MS,
  };
  app.route('/api/v1', generateSocketRoute({ models, limits }, socketAccess(deps)));
  app.route('/api/v1', modelRoutes({ models, limits, cache, keepMs: config.MODEL_CACHE_MS }));
  app.route('/v1', openAiRoutes({ models, limits }));
  app.route('/api/v1', chatSocketRoute(chat.options, socketAccess(deps)));
  app.route('/api/v1', chatRoutes(chat.options));
  app.route('/api/v1', modelUseRoutes(chat.modelUse));
}
