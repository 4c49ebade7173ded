import { Stack } from '@grafana/ui';
import { useLocationState } from '../../shared/useLocationState';
import { LiveFilters } from './LiveFilters';
import { LiveView } from './LiveView';
import { readLive, writeLive } from './liveUrl';

/** Lines as they are written. What is drawn again with each of them stands apart: the filters are not. */
export default function LivePage() {
  const [filter, change] = useLocationState(readLive, writeLive);
  return (
    <Stack direction="column" gap={1}>
      <LiveFilters filter={filter} onFilter={change} />
      <LiveView key={JSON.stringify({ ...filter, highlight: '' })} filter={filter} />
    </Stack>
  );
}
