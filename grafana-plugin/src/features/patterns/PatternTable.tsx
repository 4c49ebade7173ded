import { useMemo } from 'react';
import { css } from '@emotion/css';
import { type GrafanaTheme2, dateTimeFormat } from '@grafana/data';
import { Badge, type Column, InteractiveTable, Stack, useStyles2 } from '@grafana/ui';
import type { AnalyzeAnswer } from '../../../../analyzer-service/src/contract.ts';
import { CountSparkline } from '../../shared/CountSparkline';
import { LogLines } from '../../shared/LogLines';
import { QueryLinks } from '../../shared/QueryLinks';
import { formatCount } from '../../shared/formatNumbers';
import { t } from '../../shared/t';
import type { RawWindow } from '../../shared/timeWindow';
import { ChangeBadge } from './ChangeBadge';
import { ParameterList } from './ParameterList';
import { PatternActions, type PatternChange } from './PatternActions';

export type PatternRow = AnalyzeAnswer['patterns'][number];

interface PatternTableProps {
  readonly patterns: readonly PatternRow[];
  readonly window: RawWindow;
  /** Null hides what changes a pattern. */
  readonly onChange: ((pattern: PatternRow, change: PatternChange) => void) | null;
}

/** Templates of a window with their counts; a row opens to its example and its query. */
export function PatternTable({ patterns, window, onChange }: PatternTableProps) {
  const styles = useStyles2(getStyles);
  const columns = useMemo(() => patternColumns(styles, onChange), [styles, onChange]);
  // The table forgets what is open when its data is another array.
  const data = useMemo(() => [...patterns], [patterns]);
  return (
    <InteractiveTable
      columns={columns}
      data={data}
      getRowId={rowId}
      pageSize={25}
      renderExpandedRow={(row) => <PatternDetails pattern={row} window={window} />}
    />
  );
}

function rowId({ id, service, level }: PatternRow): string {
  return `${id}-${service}-${level}`;
}

function PatternDetails({ pattern, window }: { readonly pattern: PatternRow; readonly window: RawWindow }) {
  return (
    <Stack direction="column" gap={1}>
      {pattern.known_pattern && (
        <span>
          {t('patterns.known', 'Known pattern {{id}}: {{meaning}}', {
            id: pattern.known_pattern.id,
            meaning: pattern.known_pattern.meaning,
          })}
        </span>
      )}
      {pattern.example && <LogLines lines={[pattern.example]} label={t('patterns.example', 'An example')} />}
      <ParameterList parameters={pattern.parameters} />
      <QueryLinks query={pattern.query} window={window} />
    </Stack>
  );
}

function patternColumns(
  styles: ReturnType<typeof getStyles>,
  onChange: PatternTableProps['onChange'],
): Array<Column<PatternRow>> {
  return [
    {
      id: 'text',
      header: t('patterns.pattern', 'Pattern'),
      cell: ({ row: { original } }) => (
        <div className={styles.pattern}>
          {original.name && <strong>{original.name} </strong>}
          {original.pinned && <Badge color="blue" icon="gf-pin" text={t('patterns.pinned', 'pinned')} />}
          {original.muted && <Badge color="darkgrey" text={t('patterns.muted', 'muted')} />}
          <ChangeBadge change={original.change} significant={original.significant} />
          <code className={styles.wording}>{original.text}</code>
        </div>
      ),
    },
    { id: 'service', header: t('patterns.service', 'Service'), sortType: 'string' },
    { id: 'level', header: t('patterns.level', 'Level'), sortType: 'string' },
    {
      id: 'count',
      header: t('patterns.count', 'Lines'),
      sortType: 'number',
      cell: ({ row: { original } }) => `${original.estimated ? '≈ ' : ''}${formatCount(original.count)}`,
    },
    {
      id: 'baseline_count',
      header: t('patterns.before', 'Before'),
      sortType: 'number',
      cell: ({ row }) => formatCount(row.original.baseline_count),
    },
    {
      id: 'series',
      header: t('patterns.time', 'Over time'),
      cell: ({ row: { original } }) => (
        <CountSparkline
          series={original.series}
          width={80}
          label={t('patterns.sparkline', '{{lines}} lines over the window', { lines: original.count })}
        />
      ),
    },
    {
      id: 'first_seen',
      header: t('patterns.seen', 'First / last'),
      cell: ({ row: { original } }) => (
        <span className={styles.times}>
          {shortTime(original.first_seen)}
          <br />
          {shortTime(original.last_seen)}
        </span>
      ),
    },
    ...(onChange
      ? [
          {
            id: 'actions',
            header: '',
            cell: ({ row: { original } }) => (
              <PatternActions pattern={original} onChange={(change) => onChange(original, change)} />
            ),
          } satisfies Column<PatternRow>,
        ]
      : []),
  ];
}

function shortTime(time: string | null): string {
  return time ? dateTimeFormat(time, { format: 'MM-DD HH:mm:ss' }) : '–';
}

const getStyles = (theme: GrafanaTheme2) => ({
  pattern: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5),
    alignItems: 'center',
    minWidth: 150,
  }),
  wording: css({
    background: 'none',
    border: 0,
    padding: 0,
    color: theme.colors.text.primary,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    unicodeBidi: 'isolate',
    display: '-webkit-box',
    WebkitLineClamp: 3,
    WebkitBoxOrient: 'vertical',
    overflow: 'hidden',
  }),
  times: css({ whiteSpace: 'nowrap', fontSize: theme.typography.bodySmall.fontSize }),
});
