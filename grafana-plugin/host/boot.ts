import { readTheme } from './theme';

// Runs before everything else: @grafana/runtime reads these while it is imported.

const theme = readTheme();

Object.assign(window, {
  __grafana_public_path__: '/public/',
  grafanaBootData: {
    user: {
      id: 1,
      login: 'preview',
      name: 'Preview',
      orgId: 1,
      orgRole: 'Admin',
      orgName: 'Preview',
      isSignedIn: true,
      isGrafanaAdmin: true,
      timezone: 'browser',
      weekStart: 'monday',
      language: 'en-US',
      locale: navigator.language,
      theme,
      permissions: {},
    },
    settings: {
      appUrl: location.origin,
      appSubUrl: '',
      buildInfo: { version: '13.2.2', commit: 'preview', env: 'production', edition: 'Open Source' },
      featureToggles: {},
      datasources: {},
      defaultDatasource: '',
      panels: {},
      apps: {},
      exploreEnabled: false,
    },
    navTree: [],
  },
});

document.documentElement.dataset.theme = theme;
document.documentElement.style.background = theme === 'dark' ? '#111217' : '#f4f5f5';
