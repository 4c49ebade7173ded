import { useEffect, useState } from 'react';
import { css } from '@emotion/css';
import {
  EventBusSrv,
  LoadingState,
  type PanelPlugin,
  PluginContextProvider,
  type TimeRange,
} from '@grafana/data';
import { Alert, PanelChrome, useStyles2 } from '@grafana/ui';
import { useWidth } from '../../src/shared/useWidth';
import { importPanel, isOwnPanel } from '../loadPlugin';
import { type Dashboard, type DashboardPanel, replaceVariables } from './dashboardModel';

interface PanelViewProps {
  readonly panel: DashboardPanel;
  readonly dashboard: Dashboard;
  readonly range: TimeRange;
}

/** Grafana's height of a row of the grid, and of the space between two. */
const ROW_HEIGHT = 30;
const ROW_GAP = 8;

/** One panel at its place. */
export function PanelView({ panel, dashboard, range }: PanelViewProps) {
  const styles = useStyles2(getStyles);
  const [frame, setFrame] = useState<HTMLElement | null>(null);
  const width = useWidth(frame);
  const { x, y, w, h } = panel.gridPos;
  const height = h * ROW_HEIGHT + (h - 1) * ROW_GAP;
  return (
    <section
      ref={setFrame}
      className={styles.place}
      aria-label={panel.title}
      style={{ gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}`, height }}
    >
      {width > 0 && (
        <PanelChrome title={panel.title} width={width} height={height}>
          {(innerWidth, innerHeight) => (
            <Content
              panel={panel}
              dashboard={dashboard}
              range={range}
              width={innerWidth}
              height={innerHeight}
            />
          )}
        </PanelChrome>
      )}
    </section>
  );
}

interface ContentProps extends PanelViewProps {
  readonly width: number;
  readonly height: number;
}

function Content({ panel, dashboard, range, width, height }: ContentProps) {
  const [plugin, setPlugin] = useState<PanelPlugin | Error | null>(null);
  useEffect(() => {
    if (isOwnPanel(panel.type)) {
      importPanel(panel.type).then(setPlugin, (error: Error) => setPlugin(error));
    }
  }, [panel.type]);
  if (!isOwnPanel(panel.type)) {
    return <p>Grafana draws this panel ({panel.type}); the preview has the plugin&apos;s own only.</p>;
  }
  if (plugin instanceof Error) {
    return (
      <Alert severity="error" title="The panel could not be loaded">
        {plugin.message}
      </Alert>
    );
  }
  const Panel = plugin?.panel;
  if (!plugin || !Panel) {
    return null;
  }
  return (
    <PluginContextProvider meta={plugin.meta}>
      <Panel
        id={panel.id}
        title={panel.title}
        width={width}
        height={height}
        timeRange={range}
        timeZone="browser"
        options={{ ...(plugin.defaults as object), ...panel.options }}
        fieldConfig={{ defaults: {}, overrides: [] }}
        data={{ state: LoadingState.Done, series: [], timeRange: range }}
        transparent={false}
        renderCounter={0}
        eventBus={EVENTS}
        replaceVariables={(text) => replaceVariables(dashboard, text)}
        onOptionsChange={() => undefined}
        onFieldConfigChange={() => undefined}
        onChangeTimeRange={() => undefined}
      />
    </PluginContextProvider>
  );
}

const EVENTS = new EventBusSrv();

const getStyles = () => ({ place: css({ minWidth: 0 }) });
