import { PanelPlugin } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { PLUGIN_ID } from '../../app/pluginId';
import { t } from '../../shared/t';
import { addFilterOptions } from '../../shared/panels/panelFilter';
import { FindingsPanel, type FindingsOptions } from './FindingsPanel';

await initPluginTranslations(PLUGIN_ID);

export const plugin = new PanelPlugin<FindingsOptions>(FindingsPanel).setPanelOptions((builder) =>
  addFilterOptions(builder)
    .addNumberInput({
      path: 'findings',
      name: t('panels.findings.most', 'Findings'),
      description: t('panels.findings.mostHelp', 'At most so many, the strongest first'),
      defaultValue: 5,
      settings: { min: 1, max: 50, integer: true },
    })
    .addBooleanSwitch({
      path: 'summary',
      name: t('panels.findings.summary', 'Summary'),
      description: t('panels.findings.summaryHelp', 'What happened, in a few sentences'),
      defaultValue: true,
    }),
);
