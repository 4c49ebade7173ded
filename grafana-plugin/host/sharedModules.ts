import * as emotionCss from '@emotion/css';
import * as emotionReact from '@emotion/react';
import * as grafanaData from '@grafana/data';
import * as grafanaRuntime from '@grafana/runtime';
import * as grafanaUi from '@grafana/ui';
import * as i18next from 'i18next';
import lodash from 'lodash';
import moment from 'moment';
import * as react from 'react';
import * as jsxRuntime from 'react/jsx-runtime';
import * as reactDom from 'react-dom';
import * as reactDomClient from 'react-dom/client';
import * as reactRouterDom from 'react-router-dom-v5';
import * as reactRouter from 'react-router-dom-v5-compat';
import * as rxjs from 'rxjs';
import * as rxjsOperators from 'rxjs/operators';
import { HostPluginPage } from './HostPluginPage';
import 'systemjs/dist/system.js';
import 'systemjs/dist/extras/amd.js';

/** What Grafana gives to every plugin instead of letting it bring its own, under the names that its build leaves open. */
const SHARED: Readonly<Record<string, object>> = {
  '@emotion/css': emotionCss,
  '@emotion/react': emotionReact,
  '@grafana/data': grafanaData,
  // The package exports its own empty frame; the setter that Grafana fills it by is in a copy of its own here.
  '@grafana/runtime': { ...grafanaRuntime, PluginPage: HostPluginPage },
  '@grafana/ui': grafanaUi,
  i18next,
  lodash: { default: lodash, __useDefault: true },
  moment: { default: moment, __useDefault: true },
  react,
  'react/jsx-runtime': jsxRuntime,
  'react-dom': reactDom,
  'react-dom/client': reactDomClient,
  'react-router': reactRouter,
  'react-router-dom': reactRouterDom,
  rxjs,
  'rxjs/operators': rxjsOperators,
};

export function shareModules(): void {
  const imports: Record<string, string> = {};
  for (const [name, module] of Object.entries(SHARED)) {
    System.set(`app:${name}`, { ...module });
    imports[name] = `app:${name}`;
  }
  System.addImportMap({ imports });
}
