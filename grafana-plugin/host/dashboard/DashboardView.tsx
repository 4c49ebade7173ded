import { useEffect, useState } from 'react';
import { css } from '@emotion/css';
import { useParams } from 'react-router-dom-v5-compat';
import { type GrafanaTheme2, type TimeRange, dateMath, dateTime, makeTimeRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { Alert, LoadingPlaceholder, RefreshPicker, TimeRangePicker, useStyles2 } from '@grafana/ui';
import { PanelView } from './PanelView';
import { type Dashboard, readDashboard } from './dashboardModel';

type Read = { readonly dashboard: Dashboard } | { readonly error: Error } | null;

/** A dashboard of the folder `dashboards` with the panels that the plugin brings: those of Grafana need Grafana. */
export function DashboardView() {
  const { name = '' } = useParams<{ name: string }>();
  const [read, setRead] = useState<Read>(null);
  useEffect(() => {
    readDashboard(name).then(
      (dashboard) => setRead({ dashboard }),
      (error: Error) => setRead({ error }),
    );
  }, [name]);
  if (!read) {
    return <LoadingPlaceholder text="Loading ..." />;
  }
  if ('error' in read) {
    return (
      <Alert severity="error" title="The dashboard could not be read">
        {read.error.message}
      </Alert>
    );
  }
  return <Panels dashboard={read.dashboard} />;
}

function Panels({ dashboard }: { readonly dashboard: Dashboard }) {
  const styles = useStyles2(getStyles);
  const [range, setRange] = useState(() => rangeOfAddress(dashboard));
  const choose = (chosen: TimeRange) => {
    const { from, to } = chosen.raw;
    locationService.partial({ from: timeText(from), to: timeText(to) });
    setRange(rangeOf(timeText(from), timeText(to)));
  };
  const move = (shares: readonly [number, number]) => {
    const lengthMs = range.to.valueOf() - range.from.valueOf();
    choose(
      makeTimeRange(
        dateTime(range.from.valueOf() + shares[0] * lengthMs),
        dateTime(range.to.valueOf() + shares[1] * lengthMs),
      ),
    );
  };
  return (
    <main className={styles.page}>
      <header className={styles.header}>
        <h1>{dashboard.title}</h1>
        <TimeRangePicker
          value={range}
          onChange={choose}
          onChangeTimeZone={() => undefined}
          onMoveBackward={() => move([-0.5, -0.5])}
          onMoveForward={() => move([0.5, 0.5])}
          onZoom={() => move([-0.5, 0.5])}
        />
        <RefreshPicker
          value=""
          intervals={[]}
          noIntervalPicker
          text="Refresh"
          onRefresh={() => choose(range)}
          onIntervalChanged={() => undefined}
        />
      </header>
      <div className={styles.grid}>
        {dashboard.panels.map((panel) => (
          <PanelView key={panel.id} panel={panel} dashboard={dashboard} range={range} />
        ))}
      </div>
    </main>
  );
}

function rangeOfAddress({ time }: Dashboard): TimeRange {
  const search = new URLSearchParams(location.search);
  return rangeOf(search.get('from') ?? time.from, search.get('to') ?? time.to);
}

/** Relative times are fixed here, and again with every refresh. */
function rangeOf(from: string, to: string): TimeRange {
  const moment = (text: string, roundUp: boolean) =>
    /^\d+$/.test(text) ? dateTime(Number(text)) : dateTime(dateMath.toDateTime(text, { roundUp }));
  const range = makeTimeRange(moment(from, false), moment(to, true));
  const raw = (text: string) => (/^\d+$/.test(text) ? dateTime(Number(text)) : text);
  return { ...range, raw: { from: raw(from), to: raw(to) } };
}

function timeText(time: TimeRange['raw']['from']): string {
  return typeof time === 'string' ? time : String(time.valueOf());
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ padding: theme.spacing(2), minWidth: 0 }),
  header: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1),
    h1: { flex: 1, margin: 0, fontSize: theme.typography.h3.fontSize },
  }),
  grid: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(24, minmax(0, 1fr))',
    gridAutoRows: 30,
    gap: theme.spacing(1),
    // As on a phone in Grafana: one panel below the other.
    [theme.breakpoints.down('lg')]: { display: 'flex', flexDirection: 'column' },
  }),
});
