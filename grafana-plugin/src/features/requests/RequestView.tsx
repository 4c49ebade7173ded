import { Badge, Stack, Text } from '@grafana/ui';
import type { RequestAnswer } from '../../../../analyzer-service/src/contract.ts';
import { ExportMenu } from '../../shared/ExportMenu';
import { LogLines } from '../../shared/LogLines';
import { PartialNotice } from '../../shared/PartialNotice';
import { formatCount, formatMs } from '../../shared/formatNumbers';
import { t } from '../../shared/t';
import { Waterfall } from './Waterfall';

/** One request: what happened, span by span, where it broke, what to do, and every line of it. */
export function RequestView({ answer }: { readonly answer: RequestAnswer }) {
  const { status, summary, gaps, recommendations, lines, lines_left_out, related_findings } = answer;
  return (
    <Stack direction="column" gap={2}>
      <Stack gap={1} alignItems="flex-start">
        <Badge
          color={status === 'failed' ? 'red' : 'green'}
          text={status === 'failed' ? t('requests.statusFailed', 'failed') : t('requests.statusOk', 'ok')}
        />
        <Text element="p">{summary}</Text>
      </Stack>
      <PartialNotice warnings={answer.warnings} />
      <Waterfall answer={answer} />
      {recommendations.length > 0 && (
        <section aria-label={t('requests.next', 'What to do next')}>
          <Text element="h4">{t('requests.next', 'What to do next')}</Text>
          <ul>
            {recommendations.map(({ text }) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      )}
      {related_findings.length > 0 && (
        <section aria-label={t('requests.related', 'What else went wrong at that time')}>
          <Text element="h4">{t('requests.related', 'What else went wrong at that time')}</Text>
          <ul>
            {related_findings.map(({ id, title }) => (
              <li key={id}>{title}</li>
            ))}
          </ul>
        </section>
      )}
      {gaps.length > 0 && (
        <Text color="secondary">
          {t(
            'requests.gap',
            'Longest silence: {{gap}}, after a line of {{after}} and before one of {{before}}.',
            {
              gap: formatMs(gaps[0]?.gap_ms ?? 0),
              after: gaps[0]?.after_service,
              before: gaps[0]?.before_service,
            },
          )}
        </Text>
      )}
      <section>
        <Stack justifyContent="space-between" alignItems="center" gap={1}>
          <Text element="h4">
            {t('requests.lines', '{{lines}} lines', { lines: formatCount(lines.length + lines_left_out) })}
          </Text>
          <ExportMenu
            name="request"
            columns={['time', 'service', 'level', 'line']}
            rows={() => lines.map(({ time, service, level, line }) => [time, service, level, line])}
          />
        </Stack>
        <LogLines lines={lines} label={t('requests.linesLabel', 'Lines of this request')} />
        {lines_left_out > 0 && (
          <Text color="secondary">
            {t('requests.linesLeftOut', '{{lines}} of them are not shown.', {
              lines: formatCount(lines_left_out),
            })}
          </Text>
        )}
      </section>
    </Stack>
  );
}
