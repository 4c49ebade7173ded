import type { ReactNode } from 'react';
import { EmptyState as GrafanaEmptyState } from '@grafana/ui';

interface EmptyStateProps {
  readonly title: string;
  /** What to do: a sentence or a button. */
  readonly children: ReactNode;
}

/** Nothing to show, and what to do about it. */
export function EmptyState({ title, children }: EmptyStateProps) {
  return (
    <div role="status">
      <GrafanaEmptyState variant="not-found" message={title} hideImage>
        {children}
      </GrafanaEmptyState>
    </div>
  );
}
