import { useState } from 'react';
import { Stack } from '@grafana/ui';
import { useLocationState } from '../../shared/useLocationState';
import { AnalyseForm } from './AnalyseForm';
import { AnalysisHistory } from './AnalysisHistory';
import { AnalysisView } from './AnalysisView';
import { readAnalyse, writeAnalyse } from './analyseUrl';

/** What stands out in logs that are not in Loki: pasted, or dropped as files. */
export default function AnalysePage() {
  const [{ id, before }, change] = useLocationState(readAnalyse, writeAnalyse);
  const [round, setRound] = useState(0);
  if (id) {
    return (
      <AnalysisView
        key={id}
        id={id}
        onBack={() => change({ id: '' })}
        onDeleted={() => {
          setRound(round + 1);
          change({ id: '' });
        }}
      />
    );
  }
  return (
    <Stack direction="column" gap={3}>
      <AnalyseForm onBegun={(begun) => change({ id: begun })} />
      <AnalysisHistory
        key={round}
        before={before}
        onPage={(last) => change({ before: last })}
        onOpen={(one) => change({ id: one })}
      />
    </Stack>
  );
}
