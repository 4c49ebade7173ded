import type { ReactNode } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { TextLink, useStyles2 } from '@grafana/ui';
import { APP_PATH } from '../../app/pluginId';
import { ErrorState } from '../ErrorState';
import { LoadingState } from '../LoadingState';
import { t } from '../t';
import type { Asked } from '../useAnswer';

interface PanelFrameProps<Answer> {
  readonly width: number;
  readonly height: number;
  readonly asked: Asked<Answer>;
  /** What could not be done: "The findings could not be read". */
  readonly failed: string;
  /** Where the app shows the same with everything around it. */
  readonly page: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly children: (answer: Answer) => ReactNode;
}

/** What is on its way, there or failed, in the room that a dashboard gives; and the way to the app. */
export function PanelFrame<Answer>({
  width,
  height,
  asked: { answer, error, loading, reload },
  failed,
  page,
  parameters,
  children,
}: PanelFrameProps<Answer>) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.frame} style={{ width, height }}>
      <div className={styles.content} aria-busy={loading} tabIndex={0} role="group" aria-label={page}>
        {error && <ErrorState title={failed} error={error} onRetry={reload} />}
        {loading && !answer && <LoadingState text={t('panels.loading', 'Asking the analyzer ...')} />}
        {answer && !error && children(answer)}
      </div>
      <div className={styles.link}>
        <OpenInSonde page={page} parameters={parameters} />
      </div>
    </div>
  );
}

/** The same window and filter on a page of the app. */
export function OpenInSonde({ page, parameters }: Pick<PanelFrameProps<never>, 'page' | 'parameters'>) {
  const given = Object.entries(parameters).filter(([, value]) => value !== '');
  const search = new URLSearchParams(given).toString();
  return (
    <TextLink href={`${APP_PATH}/${page}?${search}`} inline={false} variant="bodySmall">
      {t('panels.open', 'Open in Sonde')}
    </TextLink>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5), minWidth: 0 }),
  content: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    flex: 1,
    minHeight: 0,
    overflow: 'auto',
  }),
  link: css({ display: 'flex', justifyContent: 'flex-end' }),
});
