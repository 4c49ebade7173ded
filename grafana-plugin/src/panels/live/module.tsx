import { PanelPlugin } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { PLUGIN_ID } from '../../app/pluginId';
import { t } from '../../shared/t';
import { addFilterOptions } from '../../shared/panels/panelFilter';
import { LivePanel, type LiveOptions } from './LivePanel';

await initPluginTranslations(PLUGIN_ID);

export const plugin = new PanelPlugin<LiveOptions>(LivePanel).setPanelOptions((builder) =>
  addFilterOptions(builder)
    .addTextInput({
      path: 'contains',
      name: t('panels.live.alert', 'Alert on'),
      description: t('panels.live.alertHelp', 'An alert tells when a line contains this'),
      defaultValue: '',
    })
    .addTextInput({
      path: 'highlight',
      name: t('panels.live.highlight', 'Highlight'),
      description: t('panels.live.highlightHelp', 'Marked in every line; filters nothing'),
      defaultValue: '',
    }),
);
