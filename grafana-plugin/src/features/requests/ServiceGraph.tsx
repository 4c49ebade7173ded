import { useEffect, useMemo, useState } from 'react';
import { css } from '@emotion/css';
import { Background, Controls, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import type { GraphAnswer } from '../../../../analyzer-service/src/contract.ts';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';
import { useWidth } from '../../shared/useWidth';
import { ServiceNodeCard } from './ServiceNodeCard';
import { graphElements } from './graphElements';

interface ServiceGraphProps {
  readonly answer: GraphAnswer;
  /** Pixels; without it the graph fills what is around it. */
  readonly height?: number;
  readonly onService?: (service: string) => void;
}

const NODE_TYPES = { service: ServiceNodeCard };

/** Narrower than this, callers stand above what they call. */
const WIDTH_FOR_A_ROW = 900;
const FIT = { padding: 0.08, maxZoom: 1.2 };

/** Who calls whom in a window: width is calls, colour is failures, a dashed line is a call that nobody waits for. */
export function ServiceGraph({ answer, height, onService }: ServiceGraphProps) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const [frame, setFrame] = useState<HTMLElement | null>(null);
  const width = useWidth(frame);
  const direction = width < WIDTH_FOR_A_ROW ? 'down' : 'right';
  const { nodes, edges } = useMemo(() => graphElements(answer, direction, theme), [answer, direction, theme]);
  return (
    <div
      ref={setFrame}
      className={styles.frame}
      style={{ height: height ?? '100%' }}
      data-testid={testIds.requests.graph}
      role="group"
      aria-label={t('requests.graph.label', 'Service graph')}
    >
      {width > 0 && (
        <ReactFlowProvider>
          <ReactFlow
            nodes={nodes}
            edges={edges}
            nodeTypes={NODE_TYPES}
            colorMode={theme.isDark ? 'dark' : 'light'}
            fitView
            fitViewOptions={FIT}
            minZoom={0.1}
            nodesDraggable={false}
            nodesConnectable={false}
            edgesFocusable={false}
            proOptions={{ hideAttribution: true }}
            onNodeClick={(_, { id }) => onService?.(id)}
          >
            <Background gap={24} />
            <Controls showInteractive={false} />
            <FitAgain key={`${width} ${height ?? ''} ${direction}`} />
          </ReactFlow>
        </ReactFlowProvider>
      )}
    </div>
  );
}

/** Mounted anew whenever the room changes: the whole graph is then to be seen again. */
function FitAgain() {
  const { fitView } = useReactFlow();
  useEffect(() => {
    void fitView(FIT);
  }, [fitView]);
  return null;
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({
    width: '100%',
    minHeight: 200,
    '.react-flow .react-flow__node.selectable:focus-visible': {
      outline: `2px solid ${theme.colors.primary.main}`,
      outlineOffset: 2,
    },
  }),
});
