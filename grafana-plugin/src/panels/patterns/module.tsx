import { PanelPlugin } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { PLUGIN_ID } from '../../app/pluginId';
import { t } from '../../shared/t';
import { addFilterOptions } from '../../shared/panels/panelFilter';
import { PatternsPanel, type PatternsOptions } from './PatternsPanel';

await initPluginTranslations(PLUGIN_ID);

export const plugin = new PanelPlugin<PatternsOptions>(PatternsPanel).setPanelOptions((builder) =>
  addFilterOptions(builder).addNumberInput({
    path: 'patterns',
    name: t('panels.patterns.most', 'Patterns'),
    description: t('panels.patterns.mostHelp', 'At most so many; the rest is counted in one figure'),
    defaultValue: 50,
    settings: { min: 1, max: 500, integer: true },
  }),
);
