import { type PluginExtensionAddedLinkConfig, PluginExtensionPoints } from '@grafana/data';
import { sondeUrl } from './sondeUrl';

const TITLE = 'Find out what broke with Sonde';

/** Links in Grafana's own pages; each is also named in `extensions` of plugin.json. */
export const linksIntoSonde: readonly PluginExtensionAddedLinkConfig[] = [
  link(PluginExtensionPoints.ExploreToolbarAction, "Opens the query's services and time range in Sonde"),
  link(PluginExtensionPoints.DashboardPanelMenu, "Opens the panel's services and time range in Sonde"),
  link(
    PluginExtensionPoints.AlertingAlertingRuleAction,
    'Opens the service that the alert rule is about in Sonde',
  ),
];

function link(targets: string, description: string): PluginExtensionAddedLinkConfig {
  return {
    targets,
    title: TITLE,
    description,
    icon: 'search',
    path: sondeUrl(undefined),
    configure: (context) => ({ path: sondeUrl(context) }),
  };
}
