import { useMemo } from 'react';
import { css } from '@emotion/css';
import { Background, Controls, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useStyles2, useTheme2 } from '@grafana/ui';
import type { GraphAnswer } from '../../../../analyzer-service/src/contract.ts';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';
import { ServiceNodeCard } from './ServiceNodeCard';
import { graphElements } from './graphElements';

interface ServiceGraphProps {
  readonly answer: GraphAnswer;
  /** Pixels; without it the graph fills what is around it. */
  readonly height?: number;
  readonly onService?: (service: string) => void;
}

const NODE_TYPES = { service: ServiceNodeCard };

/** Who calls whom in a window: width is calls, colour is failures, a dashed line is a call that nobody waits for. */
export function ServiceGraph({ answer, height, onService }: ServiceGraphProps) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const { nodes, edges } = useMemo(() => graphElements(answer, theme), [answer, theme]);
  return (
    <div
      className={styles.frame}
      style={{ height: height ?? '100%' }}
      data-testid={testIds.requests.graph}
      role="group"
      aria-label={t('requests.graph.label', 'Service graph; the table below says the same')}
    >
      <ReactFlowProvider>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          colorMode={theme.isDark ? 'dark' : 'light'}
          fitView
          fitViewOptions={{ padding: 0.08, maxZoom: 1.2 }}
          minZoom={0.1}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          proOptions={{ hideAttribution: true }}
          onNodeClick={(_, { id }) => onService?.(id)}
        >
          <Background gap={24} />
          <Controls showInteractive={false} />
        </ReactFlow>
      </ReactFlowProvider>
    </div>
  );
}

const getStyles = () => ({ frame: css({ width: '100%', minHeight: 200 }) });
