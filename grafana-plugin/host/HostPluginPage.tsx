import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import type { PluginPageProps } from '@grafana/runtime';
import { useStyles2 } from '@grafana/ui';

/** The frame that Grafana draws around a page of a plugin. */
export function HostPluginPage({ children, actions, subTitle, pageNav, renderTitle }: PluginPageProps) {
  const styles = useStyles2(getStyles);
  const title = pageNav?.text ?? '';
  return (
    <main className={styles.page}>
      {(title || actions) && (
        <header className={styles.header}>
          {renderTitle ? renderTitle(title) : <h1>{title}</h1>}
          <div>{actions}</div>
        </header>
      )}
      {subTitle && <p>{subTitle}</p>}
      {children}
    </main>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ padding: theme.spacing(2), minWidth: 0 }),
  header: css({ display: 'flex', justifyContent: 'space-between', flexWrap: 'wrap', gap: theme.spacing(1) }),
});
