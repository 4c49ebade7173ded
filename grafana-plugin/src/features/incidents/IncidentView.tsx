import { AppEvents, dateTimeFormat } from '@grafana/data';
import { getAppEvents } from '@grafana/runtime';
import { Badge, Button, Stack, Text } from '@grafana/ui';
import type { IncidentAnswer } from '../../../../analyzer-service/src/contract.ts';
import { LogLines } from '../../shared/LogLines';
import { PartialNotice } from '../../shared/PartialNotice';
import { QueryLinks } from '../../shared/QueryLinks';
import { type IncidentChange, api } from '../../shared/api';
import { explainFailure } from '../../shared/apiError';
import { downloadText } from '../../shared/downloadText';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';
import type { RawWindow } from '../../shared/timeWindow';
import { IncidentFeedback } from './IncidentFeedback';
import { IncidentState } from './IncidentState';

interface IncidentViewProps {
  readonly incident: IncidentAnswer;
  readonly onChange: (change: IncidentChange) => void;
}

/** What happened, what proves it, who was told, and what people say of it. */
export function IncidentView({ incident, onChange }: IncidentViewProps) {
  const { state, suspects } = incident;
  return (
    <Stack direction="column" gap={2} data-testid={testIds.incidents.incident}>
      <Stack gap={1} alignItems="center" wrap="wrap">
        <IncidentState state={state} />
        <Text element="h3">{incident.title}</Text>
      </Stack>
      <Stack gap={1}>
        {state === 'firing' && (
          <Button size="sm" icon="eye" onClick={() => onChange({ state: 'acknowledged' })}>
            {t('incidents.acknowledge', 'Acknowledge')}
          </Button>
        )}
        {state !== 'resolved' && (
          <Button size="sm" variant="secondary" icon="check" onClick={() => onChange({ state: 'resolved' })}>
            {t('incidents.resolve', 'Resolve')}
          </Button>
        )}
        <Button
          size="sm"
          variant="secondary"
          icon="file-alt"
          onClick={() => void savePostmortem(incident.id)}
        >
          {t('incidents.postmortem', 'Post-mortem draft')}
        </Button>
      </Stack>
      <PartialNotice warnings={incident.warnings} />
      <Text element="p">{incident.summary || t('incidents.waiting', 'The analysis is on its way.')}</Text>
      {suspects.length > 0 && (
        <section>
          <Text element="h4">{t('incidents.suspects', 'Suspects')}</Text>
          {suspects.map(({ service, reasons }) => (
            <div key={service}>
              <strong>{service}</strong> {reasons.join('; ')}
            </div>
          ))}
        </section>
      )}
      <Findings incident={incident} />
      <Timeline incident={incident} />
      <Alerts incident={incident} />
      <IncidentFeedback key={incident.updated} incident={incident} onChange={onChange} />
    </Stack>
  );
}

function Findings({ incident: { findings, window } }: Pick<IncidentViewProps, 'incident'>) {
  const shown: RawWindow = {
    from: String(Date.parse(window?.start ?? '')),
    to: String(Date.parse(window?.end ?? '')),
  };
  return findings.map(({ id, severity, title, evidence, evidence_query }) => (
    <section key={id}>
      <Stack gap={1} alignItems="flex-start">
        <Badge color={severity === 'critical' || severity === 'high' ? 'red' : 'orange'} text={severity} />
        <span>{title}</span>
      </Stack>
      <LogLines lines={evidence} label={t('incidents.evidence', 'Lines that prove it')} />
      <QueryLinks query={evidence_query} window={shown} />
    </section>
  ));
}

function Timeline({ incident: { timeline } }: Pick<IncidentViewProps, 'incident'>) {
  return (
    <section>
      <Text element="h4">{t('incidents.timeline', 'Timeline')}</Text>
      <ol aria-label={t('incidents.timeline', 'Timeline')} style={{ listStyle: 'none' }}>
        {timeline.map(({ time, text }, index) => (
          <li key={index}>
            <Text color="secondary" element="span">
              {dateTimeFormat(time)}
            </Text>{' '}
            {text}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Alerts({ incident: { alerts, deliveries } }: Pick<IncidentViewProps, 'incident'>) {
  return (
    <section>
      <Text element="h4">{t('incidents.alertsAndNotes', 'Alerts, and who was told')}</Text>
      {alerts.map(({ name, state, fingerprint, starts, services }) => (
        <div key={fingerprint + starts}>
          <Badge color={state === 'firing' ? 'red' : 'green'} text={state} /> {name}{' '}
          <Text color="secondary" element="span">
            {dateTimeFormat(starts)} {services.join(', ')}
          </Text>
        </div>
      ))}
      {deliveries.map(({ channel, state, error }) => (
        <div key={channel}>
          <Badge color={state === 'failed' ? 'red' : 'blue'} text={state} /> {channel}{' '}
          {error && (
            <Text color="secondary" element="span">
              {error}
            </Text>
          )}
        </div>
      ))}
    </section>
  );
}

/** Asked for like everything else, so that it carries the key. */
async function savePostmortem(id: string): Promise<void> {
  try {
    const draft = await api.postmortem(id, new AbortController().signal);
    downloadText(`post-mortem-${id}.md`, 'text/markdown', draft);
  } catch (error) {
    getAppEvents().publish({ type: AppEvents.alertError.name, payload: [explainFailure(error).message] });
  }
}
