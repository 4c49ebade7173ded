export type ThemeName = 'dark' | 'light';

const KEY = 'sonde.preview.theme';

/** What was chosen here before, or what the system likes. */
export function readTheme(): ThemeName {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'dark' || chosen === 'light') {
    return chosen;
  }
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

/** Grafana's configuration takes a theme only when it starts: the page is loaded again where it is. */
export function switchTheme(): void {
  localStorage.setItem(KEY, readTheme() === 'dark' ? 'light' : 'dark');
  location.reload();
}
