import type { InterpolateFunction, PanelOptionsEditorBuilder } from '@grafana/data';
import { LEVELS } from '../levels';
import { t } from '../t';

/** Which lines a panel is about; each may hold variables of the dashboard. */
export interface PanelFilterOptions {
  /** Names of services, comma-separated; none means all. */
  readonly services: string;
  readonly severity: string[];
  readonly search: string;
}

export function addFilterOptions<Options extends PanelFilterOptions>(
  builder: PanelOptionsEditorBuilder<Options>,
): PanelOptionsEditorBuilder<Options> {
  return builder
    .addTextInput({
      path: 'services',
      name: t('panels.services', 'Services'),
      description: t(
        'panels.servicesHelp',
        'Names, comma-separated, or a variable such as $service; none means all',
      ),
      defaultValue: '',
    })
    .addMultiSelect({
      path: 'severity',
      name: t('panels.severity', 'Levels'),
      description: t('panels.severityHelp', 'None means all'),
      // Grafana's types take one choice for the value where it keeps a list.
      defaultValue: [] as unknown,
      settings: { options: LEVELS.map((value) => ({ value, label: value })) },
    })
    .addTextInput({
      path: 'search',
      name: t('panels.search', 'Contains'),
      description: t('panels.searchHelp', 'Only lines that contain this text'),
      defaultValue: '',
    });
}

/** What the analyzer is asked. A variable at "All" asks for all, and so does one that the dashboard does not have. */
export function filterOf({ services, severity, search }: PanelFilterOptions, replace: InterpolateFunction) {
  const named = replace(services, undefined, 'csv')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => /^[^$*+]+$/.test(name));
  return { services: named.join(','), severity: severity.join(','), search: replace(search) };
}
