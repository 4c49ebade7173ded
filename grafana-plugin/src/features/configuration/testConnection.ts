import { t } from '@grafana/i18n';
import { api } from '../../shared/api';
import { explainFailure } from '../../shared/apiError';

export interface ConnectionResult {
  readonly severity: 'success' | 'warning' | 'error';
  readonly title: string;
  readonly details: readonly string[];
}

/** Is the analyzer there, does it know the key, and is everything there that it needs? The first "no" is told. */
export async function testConnection(signal: AbortSignal): Promise<ConnectionResult> {
  try {
    const health = await api.health(signal);
    await api.cacheStats(signal);
    const missing = Object.entries(health.dependencies).filter(([, { status }]) => status === 'down');
    if (missing.length === 0) {
      return {
        severity: 'success',
        title: t('configuration.test.ok', 'Connected to Sonde {{version}}', { version: health.version }),
        details: Object.entries(health.dependencies).map(
          ([name, { version }]) => `${name}: ${version ?? t('configuration.test.up', 'there')}`,
        ),
      };
    }
    return {
      severity: 'warning',
      title: t('configuration.test.degraded', 'The analyzer is there, but something it needs is not'),
      details: missing.map(([name, { message }]) => `${name}: ${message ?? ''}`),
    };
  } catch (error) {
    const { message } = explainFailure(error);
    return {
      severity: 'error',
      title: t('configuration.test.failed', 'This does not work yet'),
      details: [message],
    };
  }
}
