import { Badge, type BadgeColor, Stack, Text } from '@grafana/ui';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';
import type { LiveAlert } from './liveFeed';

const SHOWN_MAX = 5;
const COLOURS: Readonly<Record<LiveAlert['severity'], BadgeColor>> = {
  critical: 'red',
  high: 'red',
  medium: 'orange',
  low: 'blue',
  info: 'blue',
};

/** What patterns and error rates say, the newest first. */
export function LiveAlerts({ alerts }: { readonly alerts: readonly LiveAlert[] }) {
  if (alerts.length === 0) {
    return null;
  }
  return (
    <section aria-label={t('live.alerts', 'Alerts')} aria-live="polite" data-testid={testIds.live.alerts}>
      <Stack direction="column" gap={0.5}>
        {alerts.slice(0, SHOWN_MAX).map((alert) => (
          <Stack key={alert.key} gap={1} alignItems="center">
            <Badge
              color={alert.state === 'cleared' ? 'green' : COLOURS[alert.severity]}
              text={alert.state === 'cleared' ? t('live.cleared', 'over') : alert.severity}
            />
            <Text truncate>{alert.title}</Text>
          </Stack>
        ))}
      </Stack>
    </section>
  );
}
