import { css } from '@emotion/css';
import { type GrafanaTheme2, formattedValueToString, getValueFormat } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { AnalyzeAnswer } from '../../../../analyzer-service/src/contract.ts';
import { formatCount, formatMs, formatShare } from '../../shared/formatNumbers';
import { t } from '../../shared/t';

type Parameter = AnalyzeAnswer['patterns'][number]['parameters'][number];

/** So many different values are told apart exactly. */
const COUNTED_MAX = 64;
const bytes = getValueFormat('bytes');
const plain = getValueFormat('short');

/** What stood in the places of a wording: quantiles of numbers, the most frequent of everything else. */
export function ParameterList({ parameters }: { readonly parameters: readonly Parameter[] }) {
  const styles = useStyles2(getStyles);
  if (parameters.every(({ count }) => count === 0)) {
    return null;
  }
  return (
    <section aria-label={t('patterns.parameters', 'Values in its places')}>
      <strong>{t('patterns.parameters', 'Values in its places')}</strong>
      <table className={styles.table}>
        <tbody>
          {parameters.map((parameter, index) => (
            <tr key={index}>
              <th scope="row">
                <bdi>{parameter.name ?? t('patterns.place', 'place {{number}}', { number: index + 1 })}</bdi>
              </th>
              <td>{parameter.type}</td>
              <td>
                {parameter.distinct > COUNTED_MAX
                  ? t('patterns.manyDistinct', 'many different')
                  : t('patterns.distinct', 'different: {{count}}', {
                      count: formatCount(parameter.distinct),
                    })}
              </td>
              <td>
                {parameter.numbers ? <Quantiles parameter={parameter} /> : <Top parameter={parameter} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Quantiles({ parameter: { numbers, type } }: { readonly parameter: Parameter }) {
  if (!numbers) {
    return null;
  }
  const write = (value: number) => formatNumber(value, type);
  return (
    <span>
      {t('patterns.quantiles', 'least {{min}} · median {{p50}} · p90 {{p90}} · p99 {{p99}} · most {{max}}', {
        min: write(numbers.min),
        p50: write(numbers.p50),
        p90: write(numbers.p90),
        p99: write(numbers.p99),
        max: write(numbers.max),
      })}
    </span>
  );
}

function Top({ parameter: { top, count } }: { readonly parameter: Parameter }) {
  const styles = useStyles2(getStyles);
  return (
    <ul className={styles.top}>
      {top.map(({ value, count: times }) => (
        <li key={value}>
          <bdi className={styles.value}>{value}</bdi>{' '}
          {times !== null && formatShare(Math.min(1, times / Math.max(1, count)))}
        </li>
      ))}
    </ul>
  );
}

function formatNumber(value: number, type: Parameter['type']): string {
  if (type === 'duration') {
    return formatMs(value);
  }
  return formattedValueToString(type === 'size' ? bytes(value, 1) : plain(value));
}

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    fontSize: theme.typography.bodySmall.fontSize,
    'th, td': { padding: theme.spacing(0.25, 2, 0.25, 0), verticalAlign: 'top', fontWeight: 'normal' },
    th: { fontFamily: theme.typography.fontFamilyMonospace },
    td: { color: theme.colors.text.secondary },
  }),
  top: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0, 2), listStyle: 'none', margin: 0 }),
  value: css({
    fontFamily: theme.typography.fontFamilyMonospace,
    overflowWrap: 'anywhere',
    color: theme.colors.text.primary,
  }),
});
