import { Badge } from '@grafana/ui';
import { t } from '../../shared/t';
import type { STATES } from './incidentsUrl';

export function IncidentState({ state }: { readonly state: (typeof STATES)[number] }) {
  switch (state) {
    case 'firing':
      return <Badge color="red" text={stateName(state)} />;
    case 'acknowledged':
      return <Badge color="orange" text={stateName(state)} />;
    case 'resolved':
      return <Badge color="green" text={stateName(state)} />;
  }
}

export function stateName(state: (typeof STATES)[number]): string {
  switch (state) {
    case 'firing':
      return t('incidents.state.firing', 'firing');
    case 'acknowledged':
      return t('incidents.state.acknowledged', 'acknowledged');
    case 'resolved':
      return t('incidents.state.resolved', 'resolved');
  }
}
