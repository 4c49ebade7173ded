import type { GrafanaTheme2 } from '@grafana/data';

/** One colour a level, the same in lists, timelines and streams. Dark enough on light, light enough on dark. */
export function levelColour(level: string, theme: GrafanaTheme2): string {
  switch (level) {
    case 'fatal':
    case 'critical':
    case 'error':
      return theme.colors.error.text;
    case 'warn':
      return theme.colors.warning.text;
    case 'info':
      return theme.colors.success.text;
    default:
      return theme.colors.text.secondary;
  }
}
