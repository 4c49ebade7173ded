import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiError, explainFailure } from './apiError';

/** An answer on its way, there, or failed. While a new one is on its way the last one stays. */
export interface Asked<Answer> {
  readonly answer: Answer | null;
  readonly error: ApiError | null;
  readonly loading: boolean;
  /** Asks the same again. */
  readonly reload: () => void;
}

/**
 * Asks once for each `key`, however often the component renders, and takes the question back when the key changes or
 * the component goes. A `key` of null asks nothing.
 */
export function useAnswer<Answer>(
  key: string | null,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Asked<Answer> {
  const [settled, setSettled] = useState<Settled<Answer>>({ question: null, answer: null, error: null });
  const [round, setRound] = useState(0);
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  const question = key === null ? null : `${round} ${key}`;
  useEffect(() => {
    if (question === null) {
      return undefined;
    }
    const controller = new AbortController();
    const settle = (answer: Answer | null, error: ApiError | null) =>
      controller.signal.aborted || setSettled({ question, answer, error });
    latest.current(controller.signal).then(
      (answer) => settle(answer, null),
      (error: unknown) => settle(null, explainFailure(error)),
    );
    return () => controller.abort();
  }, [question]);
  const reload = useCallback(() => setRound((last) => last + 1), []);
  const loading = question !== settled.question && question !== null;
  return { answer: settled.answer, error: loading ? null : settled.error, loading, reload };
}

interface Settled<Answer> {
  readonly question: string | null;
  readonly answer: Answer | null;
  readonly error: ApiError | null;
}
