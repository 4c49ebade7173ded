import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { AppError } from '../../errors.ts';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import { changeIncident } from './change-incident.ts';
import type { Incidents } from './incidents.ts';
import { listIncidents, readIncident } from './read-incidents.ts';
import {
  incidentChangeSchema,
  incidentPathSchema,
  incidentSchema,
  incidentsQuerySchema,
  incidentsSchema,
  webhookAnswerSchema,
} from './schema.ts';
import { writeIncident, writeIncidentRow } from './write-incident.ts';
import { writePostmortem } from './write-postmortem.ts';

const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });

const webhookRoute = createRoute({
  method: 'post',
  path: '/alerts/webhook',
  summary: 'Takes the alerts of Grafana Alerting and Alertmanager',
  description:
    'The webhook payload of either. Answers as soon as the alerts are kept; the logs are read in the background, and what was found is at /api/v1/incidents. Takes a key, or basic authentication or the HMAC signature of the settings ALERTS_*.',
  responses: {
    202: { description: 'The alerts are kept', content: json(webhookAnswerSchema) },
    ...errorAnswers(400, 401, 403, 413, 429, 503),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: '/incidents',
  summary: 'Incidents, the newest first',
  request: { query: incidentsQuerySchema },
  responses: {
    200: { description: 'One page', content: json(incidentsSchema) },
    ...errorAnswers(400, 401, 429, 503),
  },
});

const oneRoute = createRoute({
  method: 'get',
  path: '/incidents/{id}',
  summary: 'One incident: its alerts, findings, evidence, timeline, and who was told',
  request: { params: incidentPathSchema },
  responses: {
    200: { description: 'The incident', content: json(incidentSchema) },
    ...errorAnswers(400, 401, 404, 429, 503),
  },
});

const changeRoute = createRoute({
  method: 'patch',
  path: '/incidents/{id}',
  summary: 'Acknowledges or resolves an incident, or says whether its analysis was right',
  request: { params: incidentPathSchema, body: { required: true, content: json(incidentChangeSchema) } },
  responses: {
    200: { description: 'The incident as it is now', content: json(incidentSchema) },
    ...errorAnswers(400, 401, 403, 404, 429, 503),
  },
});

const postmortemRoute = createRoute({
  method: 'get',
  path: '/incidents/{id}/postmortem',
  summary: 'A draft of the post-mortem in Markdown',
  request: { params: incidentPathSchema },
  responses: {
    200: { description: 'The draft', content: { 'text/markdown': { schema: z.string() } } },
    ...errorAnswers(400, 401, 404, 429, 503),
  },
});

export function incidentsRoutes(incidents: Incidents): OpenAPIHono<AppEnvironment> {
  const { db } = incidents.options;
  const find = async (id: string) => {
    const incident = await readIncident(db, id);
    if (incident) return incident;
    throw new AppError('not_found', `There is no incident ${id}. GET /api/v1/incidents lists them.`);
  };
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook })
    .openapi(webhookRoute, async (c) => {
      const { id, alerts, leftOut } = await incidents.receive(await c.req.text());
      return c.json({ receipt: id, alerts: alerts.length, left_out: leftOut }, 202);
    })
    .openapi(listRoute, async (c) => {
      const { before, ...filter } = c.req.valid('query');
      const rows = await listIncidents(db, { ...filter, beforeMs: before });
      const shown = rows.slice(0, filter.limit);
      const next = rows.length > shown.length ? (shown.at(-1)?.started_ms ?? null) : null;
      return c.json({ incidents: shown.map(writeIncidentRow), next }, 200);
    })
    .openapi(oneRoute, async (c) => c.json(writeIncident(await find(c.req.valid('param').id)), 200))
    .openapi(changeRoute, async (c) => {
      const { id } = c.req.valid('param');
      await changeIncident(incidents.options, id, c.req.valid('json'), c.get('caller').id);
      await incidents.announce();
      return c.json(writeIncident(await find(id)), 200);
    })
    .openapi(postmortemRoute, async (c) =>
      c.body(writePostmortem(await find(c.req.valid('param').id)), 200, {
        'content-type': 'text/markdown; charset=utf-8',
      }),
    );
}
