import { type ComponentType, useEffect, useState } from 'react';
import { useLocation } from 'react-router-dom-v5-compat';
import {
  type AppPlugin,
  PluginContextProvider,
  type PluginConfigPageProps,
  type PluginMeta,
} from '@grafana/data';
import { Alert, LoadingPlaceholder } from '@grafana/ui';
import { HostPluginPage } from './HostPluginPage';
import { loadApp } from './loadPlugin';

type Loaded = { readonly plugin: AppPlugin } | { readonly error: Error } | null;

/** Loads the built plugin and shows its pages, or its configuration as Grafana's plugin catalogue does. */
export function PluginView({ show }: { readonly show: 'pages' | 'configuration' }) {
  const [loaded, setLoaded] = useState<Loaded>(null);
  useEffect(() => {
    loadApp().then(
      (plugin) => setLoaded({ plugin }),
      (error: Error) => setLoaded({ error }),
    );
  }, []);
  if (!loaded) {
    return <LoadingPlaceholder text="Loading ..." />;
  }
  if ('error' in loaded) {
    return (
      <Alert severity="error" title="The plugin could not be loaded">
        {loaded.error.message}
      </Alert>
    );
  }
  const { plugin } = loaded;
  return (
    <PluginContextProvider meta={plugin.meta}>
      {show === 'pages' ? <Pages plugin={plugin} /> : <Configuration plugin={plugin} />}
    </PluginContextProvider>
  );
}

function Pages({ plugin }: { readonly plugin: AppPlugin }) {
  const { pathname, search } = useLocation();
  const { root: Root, meta } = plugin;
  if (!Root) {
    return <Alert severity="error" title="The plugin has no pages" />;
  }
  const query = Object.fromEntries(new URLSearchParams(search));
  return (
    <Root
      meta={meta}
      basename={`/a/${meta.id}`}
      path={pathname}
      query={query}
      onNavChanged={() => undefined}
    />
  );
}

function Configuration({ plugin }: { readonly plugin: AppPlugin }) {
  return (
    <HostPluginPage>
      {(plugin.configPages ?? []).map(({ id, body }) => {
        const Body = body as ComponentType<PluginConfigPageProps<PluginMeta>>;
        return <Body key={id} plugin={plugin as never} query={{}} />;
      })}
    </HostPluginPage>
  );
}
