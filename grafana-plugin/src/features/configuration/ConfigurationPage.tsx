import type { ComponentType } from 'react';
import { Stack, Tab, TabContent, TabsBar } from '@grafana/ui';
import { t } from '../../shared/t';
import { useLocationState } from '../../shared/useLocationState';
import { AnalyzerTab, type ConfigurationProps } from './AnalyzerTab';
import { ModelsTab } from './ModelsTab';
import { SettingsTab } from './SettingsTab';
import { TemplatesTab } from './TemplatesTab';
import { TABS, readConfiguration, writeConfiguration } from './configurationUrl';

export type { ConfigurationProps };

const CONTENTS: Readonly<Record<(typeof TABS)[number], ComponentType<ConfigurationProps>>> = {
  analyzer: AnalyzerTab,
  models: ModelsTab,
  settings: SettingsTab,
  templates: TemplatesTab,
};

/** The analyzer itself, and what it keeps for everybody. */
export default function ConfigurationPage(props: ConfigurationProps) {
  const [{ tab }, change] = useLocationState(readConfiguration, writeConfiguration);
  const Content = CONTENTS[tab];
  return (
    <Stack direction="column" gap={2}>
      <TabsBar>
        {TABS.map((name) => (
          <Tab
            key={name}
            label={tabName(name)}
            active={tab === name}
            onChangeTab={() => change({ tab: name })}
          />
        ))}
      </TabsBar>
      <TabContent>
        <Content {...props} />
      </TabContent>
    </Stack>
  );
}

function tabName(tab: (typeof TABS)[number]): string {
  switch (tab) {
    case 'analyzer':
      return t('configuration.tab.analyzer', 'Analyzer');
    case 'models':
      return t('configuration.tab.models', 'Models');
    case 'settings':
      return t('configuration.tab.settings', 'Settings');
    case 'templates':
      return t('configuration.tab.templates', 'Templates');
  }
}
