import { useMemo } from 'react';
import { dateTimeFormat } from '@grafana/data';
import { Button, type Column, InteractiveTable } from '@grafana/ui';
import type { IncidentsAnswer } from '../../../../analyzer-service/src/contract.ts';
import { t } from '../../shared/t';
import { IncidentState } from './IncidentState';

type IncidentRow = IncidentsAnswer['incidents'][number];

interface IncidentListProps {
  readonly incidents: readonly IncidentRow[];
  readonly onIncident: (id: string) => void;
}

export function IncidentList({ incidents, onIncident }: IncidentListProps) {
  const columns = useMemo(() => listColumns(onIncident), [onIncident]);
  const data = useMemo(() => [...incidents], [incidents]);
  return <InteractiveTable columns={columns} data={data} getRowId={rowId} />;
}

function rowId({ id }: IncidentRow): string {
  return id;
}

function listColumns(onIncident: (id: string) => void): Array<Column<IncidentRow>> {
  return [
    {
      id: 'state',
      header: t('incidents.stateLabel', 'State'),
      cell: ({ row }) => <IncidentState state={row.original.state} />,
    },
    {
      id: 'title',
      header: t('incidents.title', 'Incident'),
      cell: ({ row: { original } }) => (
        <Button fill="text" size="sm" onClick={() => onIncident(original.id)}>
          {original.title}
        </Button>
      ),
    },
    {
      id: 'suspect',
      header: t('incidents.suspect', 'Suspect'),
      cell: ({ row }) => row.original.suspect ?? '–',
    },
    { id: 'alerts', header: t('incidents.alerts', 'Alerts') },
    {
      id: 'started',
      header: t('incidents.started', 'Started'),
      cell: ({ row }) => dateTimeFormat(row.original.started),
    },
    {
      id: 'ended',
      header: t('incidents.ended', 'Ended'),
      cell: ({ row: { original } }) => (original.ended ? dateTimeFormat(original.ended) : '–'),
    },
  ];
}
