import { EventBusSrv, standardFieldConfigEditorRegistry, standardTransformersRegistry } from '@grafana/data';
import {
  FakeEchoSrv,
  locationService,
  setAppEvents,
  setBackendSrv,
  setChromeHeaderHeightHook,
  setDataSourceSrv,
  setEchoSrv,
  setLocationSrv,
  setPluginComponentHook,
  setPluginComponentsHook,
  setPluginFunctionsHook,
  setPluginImportUtils,
  setPluginLinksHook,
  setReturnToPreviousHook,
  setTemplateSrv,
} from '@grafana/runtime';
// Not exported to npm; must be set before the runtime is shared, because SystemJS copies what modules export.
import { HostBackendSrv } from './HostBackendSrv';
import { fieldConfigEditors } from './fieldConfigEditors';
import { importPanel, panelFromCache } from './loadPlugin';

/** Gives @grafana/runtime what Grafana gives it; what needs a server of Grafana's own is empty. */
export function connectGrafana(): void {
  setBackendSrv(new HostBackendSrv());
  setAppEvents(new EventBusSrv());
  setEchoSrv(new FakeEchoSrv());
  setLocationSrv({ update: (options) => locationService.update(options) });
  setTemplateSrv({
    getVariables: () => [],
    replace: (text) => text ?? '',
    containsTemplate: () => false,
    updateTimeRange: () => undefined,
  });
  setDataSourceSrv({
    get: () => Promise.reject(new Error('There are no data sources outside Grafana.')),
    getList: () => [],
    getInstanceSettings: () => undefined,
    reload: () => Promise.resolve(),
    registerRuntimeDataSource: () => undefined,
  });
  setPluginImportUtils({ importPanelPlugin: importPanel, getPanelPluginFromCache: panelFromCache });
  setPluginLinksHook(() => ({ links: [], isLoading: false }));
  setPluginComponentHook(() => ({ component: null, isLoading: false }));
  setPluginComponentsHook(() => ({ components: [], isLoading: false }));
  setPluginFunctionsHook(() => ({ functions: [], isLoading: false }));
  setChromeHeaderHeightHook(() => 0);
  setReturnToPreviousHook(() => () => undefined);
  standardFieldConfigEditorRegistry.setInit(fieldConfigEditors);
  standardTransformersRegistry.setInit(() => []);
}
