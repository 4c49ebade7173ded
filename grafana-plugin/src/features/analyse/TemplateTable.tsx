import { useMemo } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { type Column, InteractiveTable, Stack, Text, useStyles2 } from '@grafana/ui';
import type { AnalysisResult } from '../../../../analyzer-service/src/contract.ts';
import { ExportMenu } from '../../shared/ExportMenu';
import { formatCount } from '../../shared/formatNumbers';
import { t } from '../../shared/t';

type Template = AnalysisResult['templates'][number];

interface TemplateTableProps {
  readonly templates: readonly Template[];
  readonly leftOut: number;
}

/** What the lines say, wording by wording. */
export function TemplateTable({ templates, leftOut }: TemplateTableProps) {
  const styles = useStyles2(getStyles);
  const data = useMemo(() => [...templates], [templates]);
  const columns = useMemo(() => templateColumns(styles.wording), [styles]);
  return (
    <section>
      <Stack justifyContent="space-between" alignItems="center">
        <Text element="h2" variant="h5">
          {t('analyse.wordings', 'Wordings')}
        </Text>
        <ExportMenu
          name="wordings"
          columns={['wording', 'service', 'level', 'lines', 'before']}
          rows={() =>
            templates.map(({ text, service, level, count, baseline_count }) => [
              text,
              service,
              level,
              count,
              baseline_count,
            ])
          }
        />
      </Stack>
      <InteractiveTable columns={columns} data={data} getRowId={rowId} pageSize={20} />
      {leftOut > 0 && (
        <Text color="secondary">
          {t('analyse.wordingsLeftOut', 'Rarer wordings left out: {{count}}', {
            count: formatCount(leftOut),
          })}
        </Text>
      )}
    </section>
  );
}

function rowId({ id, service, level }: Template): string {
  return `${id}-${service}-${level}`;
}

function templateColumns(wording: string): Array<Column<Template>> {
  return [
    {
      id: 'text',
      header: t('analyse.wording', 'Wording'),
      cell: ({ row }) => <code className={wording}>{row.original.text}</code>,
    },
    { id: 'service', header: t('analyse.service', 'Service'), sortType: 'string' },
    { id: 'level', header: t('analyse.level', 'Level'), sortType: 'string' },
    {
      id: 'count',
      header: t('analyse.count', 'Lines'),
      sortType: 'number',
      cell: ({ row }) => formatCount(row.original.count),
    },
    {
      id: 'baseline_count',
      header: t('analyse.before', 'Before'),
      sortType: 'number',
      cell: ({ row }) => formatCount(row.original.baseline_count),
    },
  ];
}

const getStyles = (theme: GrafanaTheme2) => ({
  wording: css({
    background: 'none',
    border: 0,
    padding: 0,
    color: theme.colors.text.primary,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    unicodeBidi: 'isolate',
  }),
});
