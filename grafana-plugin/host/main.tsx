import { createRoot } from 'react-dom/client';
import { initPluginTranslations } from '@grafana/i18n';
import './page.css';
import { connectGrafana } from './connectGrafana';
import { shareEventSource } from './keyedEventSource';
import { shareModules } from './sharedModules';
import { HostApp } from './HostApp';

connectGrafana();
shareEventSource();
shareModules();
await initPluginTranslations('grafana');
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(<HostApp />);
}
