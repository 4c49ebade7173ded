import { LoadingPlaceholder } from '@grafana/ui';

/** Says what is on its way, to eyes and to screen readers. */
export function LoadingState({ text }: { readonly text: string }) {
  return (
    <div role="status" aria-live="polite">
      <LoadingPlaceholder text={text} />
    </div>
  );
}
