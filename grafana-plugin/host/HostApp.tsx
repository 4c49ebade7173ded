import { GlobalStyles, ModalRoot, ModalsProvider, PortalContainer } from '@grafana/ui';
import { ThemeContext, getThemeById } from '@grafana/data';
import { LocationServiceProvider, locationService } from '@grafana/runtime';
import { Router } from 'react-router-dom-v5';
import { CompatRouter, Navigate, Route, Routes } from 'react-router-dom-v5-compat';
import { DashboardView } from './dashboard/DashboardView';
import { PluginView } from './PluginView';
import { PreviewBar } from './PreviewBar';
import { readTheme } from './theme';

/** The providers that Grafana puts around every plugin, and a bar that says what this is. */
export function HostApp() {
  return (
    <ThemeContext.Provider value={getThemeById(readTheme())}>
      <ModalsProvider>
        <GlobalStyles />
        <LocationServiceProvider service={locationService}>
          <Router history={locationService.getHistory()}>
            <CompatRouter>
              <PreviewBar />
              <Routes>
                <Route path="/a/:pluginId/*" element={<PluginView show="pages" />} />
                <Route path="/plugins/:pluginId" element={<PluginView show="configuration" />} />
                <Route path="/d/:name" element={<DashboardView />} />
                <Route
                  path="*"
                  element={<Navigate replace to={`/a/sonde-troubleshoot-app${location.search}`} />}
                />
              </Routes>
              <ModalRoot />
              <PortalContainer />
            </CompatRouter>
          </Router>
        </LocationServiceProvider>
      </ModalsProvider>
    </ThemeContext.Provider>
  );
}
