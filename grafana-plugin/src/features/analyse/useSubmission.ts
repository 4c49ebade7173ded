import { useRef, useState } from 'react';
import type { AnalysisRequest } from '../../../../analyzer-service/src/contract.ts';
import { api } from '../../shared/api';
import { type ApiError, explainFailure } from '../../shared/apiError';
import { t } from '../../shared/t';
import { readFiles } from './readFiles';

/** What is being done with the texts, before the analyzer has them. */
interface Sending {
  readonly what: string;
  /** 0 to 1; null where nobody knows. */
  readonly progress: number | null;
}

interface Submission {
  readonly sending: Sending | null;
  readonly error: ApiError | null;
  readonly send: (request: AnalysisRequest, files: readonly File[]) => void;
  readonly cancel: () => void;
}

/** Reads the files, hands them over, and tells the id of the analysis that has begun. */
export function useSubmission(onBegun: (id: string) => void): Submission {
  const [sending, setSending] = useState<Sending | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const running = useRef<AbortController | null>(null);
  const send = async (request: AnalysisRequest, files: readonly File[]) => {
    const { signal } = (running.current = new AbortController());
    setError(null);
    const tell = (done: number) =>
      setSending({
        what: t('analyse.reading', 'Reading file {{done}} of {{all}} ...', {
          done: Math.min(done + 1, files.length),
          all: files.length,
        }),
        progress: files.length === 0 ? null : done / files.length,
      });
    try {
      tell(0);
      const texts = await readFiles(files, tell, signal);
      setSending({ what: t('analyse.sending', 'Sending to the analyzer ...'), progress: null });
      const { id } = await api.analyse(
        { ...request, ...(texts.length > 0 ? { files: [...texts] } : {}) },
        signal,
      );
      onBegun(id);
    } catch (failure) {
      const told = explainFailure(failure);
      setError(signal.aborted ? null : told);
    } finally {
      setSending(null);
    }
  };
  return {
    sending,
    error,
    send: (request, files) => void send(request, files),
    cancel: () => running.current?.abort(),
  };
}
