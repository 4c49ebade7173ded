import { ClipboardButton, LinkButton, Stack } from '@grafana/ui';
import { exploreUrl } from './exploreUrl';
import { t } from './t';
import type { RawWindow } from './timeWindow';

interface QueryLinksProps {
  /** LogQL. */
  readonly query: string;
  readonly window: RawWindow;
}

/** The lines behind a figure: in Explore where Grafana has a Loki, and as LogQL to take along. */
export function QueryLinks({ query, window }: QueryLinksProps) {
  const href = exploreUrl(query, window);
  return (
    <Stack gap={1}>
      {href && (
        <LinkButton size="sm" variant="secondary" icon="compass" href={href} target="_blank">
          {t('query.explore', 'Open in Explore')}
        </LinkButton>
      )}
      <ClipboardButton size="sm" variant="secondary" icon="copy" getText={() => query}>
        {t('query.copy', 'Copy LogQL')}
      </ClipboardButton>
    </Stack>
  );
}
