import { PanelPlugin } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { PLUGIN_ID } from '../../app/pluginId';
import { t } from '../../shared/t';
import { GraphPanel, type GraphOptions } from './GraphPanel';

await initPluginTranslations(PLUGIN_ID);

export const plugin = new PanelPlugin<GraphOptions>(GraphPanel).setPanelOptions((builder) =>
  builder.addTextInput({
    path: 'services',
    name: t('panels.services', 'Services'),
    description: t(
      'panels.servicesHelp',
      'Names, comma-separated, or a variable such as $service; none means all',
    ),
    defaultValue: '',
  }),
);
