import { useEffect, useState } from 'react';
import { css } from '@emotion/css';
import { useLocation } from 'react-router-dom-v5-compat';
import type { GrafanaTheme2, PluginInclude } from '@grafana/data';
import { Icon, type IconName, IconButton, Link, useStyles2 } from '@grafana/ui';
import { loadApp } from './loadPlugin';
import { readTheme, switchTheme } from './theme';

/** Shows the panels that the plugin brings. */
const DASHBOARD = '/d/troubleshooting';

/** The plugin's pages, as Grafana's menu would list them, and what this page is. */
export function PreviewBar() {
  const styles = useStyles2(getStyles);
  const { pathname } = useLocation();
  const pages = usePages();
  const other = readTheme() === 'dark' ? 'light' : 'dark';
  return (
    <header className={styles.bar}>
      <img className={styles.logo} src="/public/plugins/sonde-troubleshoot-app/img/logo.svg" alt="" />
      <strong>Sonde</strong>
      <nav className={styles.pages} aria-label="Pages">
        {pages.map(({ name, path = '', icon }) => (
          <Link
            key={path}
            href={path}
            className={styles.page}
            aria-current={pathname.startsWith(path) ? 'page' : undefined}
          >
            {icon && <Icon name={icon as IconName} size="sm" />} {name}
          </Link>
        ))}
        <Link
          href={DASHBOARD}
          className={styles.page}
          aria-current={pathname === DASHBOARD ? 'page' : undefined}
        >
          <Icon name="apps" size="sm" /> Dashboard
        </Link>
      </nav>
      <span className={styles.note}>
        Preview of the Grafana plugin · <a href="/docs">API</a>
      </span>
      <IconButton name="palette" tooltip={`Switch to the ${other} theme`} onClick={switchTheme} />
    </header>
  );
}

function usePages(): readonly PluginInclude[] {
  const [pages, setPages] = useState<readonly PluginInclude[]>([]);
  useEffect(() => {
    loadApp().then(
      ({ meta }) =>
        setPages((meta.includes ?? []).filter(({ type, addToNav }) => type === 'page' && addToNav)),
      () => undefined,
    );
  }, []);
  return pages;
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 2),
    minHeight: 40,
    background: theme.colors.background.primary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  logo: css({ width: 24, height: 24 }),
  pages: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5), flex: 1 }),
  page: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0.5, 1),
    borderRadius: theme.shape.radius.default,
    color: theme.colors.text.secondary,
    // Icons are left out where they would cost a second row.
    svg: { [theme.breakpoints.down('xxl')]: { display: 'none' } },
    '&[aria-current=page]': { color: theme.colors.text.primary, background: theme.colors.action.selected },
  }),
  note: css({
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    a: { color: theme.colors.text.link, textDecoration: 'underline' },
  }),
});
