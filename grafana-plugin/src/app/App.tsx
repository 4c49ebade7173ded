import { Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import type { AppRootProps } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import { ErrorBoundaryAlert, LoadingPlaceholder } from '@grafana/ui';
import { APP_PATH } from './pluginId';
import { PAGES } from './pages';

// While the frame around it is drawn, the script of the page is on its way.
(PAGES.find(({ path }) => location.pathname.includes(`${APP_PATH}/${path}`)) ?? PAGES[0])?.preload();

/** The routes of the app. A page that breaks takes only itself down. */
export default function App(_: AppRootProps) {
  const [home] = PAGES;
  return (
    <Routes>
      {PAGES.map(({ path, component: Component }) => (
        <Route
          key={path}
          path={`${path}/*`}
          element={
            <PluginPage>
              <ErrorBoundaryAlert>
                <Suspense fallback={<LoadingPlaceholder text="" />}>
                  <Component />
                </Suspense>
              </ErrorBoundaryAlert>
            </PluginPage>
          }
        />
      ))}
      <Route path="*" element={<Navigate replace to={home?.path ?? ''} />} />
    </Routes>
  );
}
