import { Suspense, lazy } from 'react';
import { AppPlugin, type AppRootProps } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { LoadingPlaceholder } from '@grafana/ui';
import type { AppSettings } from './app/appSettings';
import { linksIntoSonde } from './app/linksIntoSonde';
import type { ConfigurationProps } from './features/configuration/ConfigurationPage';
import { PLUGIN_ID } from './app/pluginId';

await initPluginTranslations(PLUGIN_ID);

const LazyApp = lazy(() => import('./app/App'));
const LazyConfiguration = lazy(() => import('./features/configuration/ConfigurationPage'));

const App = (props: AppRootProps<AppSettings>) => (
  <Suspense fallback={<LoadingPlaceholder text="" />}>
    <LazyApp {...props} />
  </Suspense>
);

const Configuration = (props: ConfigurationProps) => (
  <Suspense fallback={<LoadingPlaceholder text="" />}>
    <LazyConfiguration {...props} />
  </Suspense>
);

export const plugin = new AppPlugin<AppSettings>().setRootPage(App).addConfigPage({
  title: 'Configuration',
  icon: 'cog',
  body: Configuration,
  id: 'configuration',
});

for (const link of linksIntoSonde) {
  plugin.addLink(link);
}
