import { useMemo } from 'react';
import type { AiLogsAnswer, MetricsAnswer } from '../../../../analyzer-service/src/contract.ts';
import { api } from '../../shared/api';
import { DEFAULT_WINDOW, type RawWindow } from '../../shared/timeWindow';
import { type Asked, useAnswer } from '../../shared/useAnswer';
import { useWindowTimes } from '../../shared/useWindowTimes';
import { newestWindow } from './newestWindow';
import { type TroubleshootState, filterParameters } from './troubleshootUrl';

const FINDINGS_MAX = 50;

export interface Troubleshooting {
  readonly window: RawWindow;
  /** When nobody chose a window and the newest lines are not those of now. */
  readonly lateSinceMs: number | null;
  /** Counts come first, findings next, words of a model last. */
  readonly counts: Asked<MetricsAnswer>;
  readonly findings: Asked<AiLogsAnswer>;
  readonly words: AiLogsAnswer['words'] | null;
  readonly loading: boolean;
  readonly refresh: () => void;
}

/** Asks for the three at once and one after the other: each is shown when it comes. */
export function useTroubleshoot(state: TroubleshootState): Troubleshooting {
  const newest = useAnswer(state.window ? null : 'newest', newestWindow);
  const window = state.window ?? newest.answer?.window ?? DEFAULT_WINDOW;
  // Which window is meant is asked first: findings of a window that nobody sees would only delay those of the right one.
  const known = state.window !== null || !newest.loading;
  const { times, refresh } = useWindowTimes(window);
  const filter = { ...times, ...filterParameters(state) };
  const counts = useAnswer(known ? JSON.stringify(filter) : null, (signal) => api.metrics(filter, signal));
  const { mode, baseline } = state;
  const question = { ...filter, mode, baseline, limit: FINDINGS_MAX };
  const key = JSON.stringify(question);
  const findings = useAnswer(known ? key : null, (signal) => api.query(question, signal));
  const found = findings.answer !== null && !findings.loading && findings.answer.findings.length > 0;
  const words = useAnswer(found ? key : null, async (signal) => {
    const answer = await api.query({ ...question, summary: 'model' }, signal);
    return { of: key, words: answer.words };
  });
  return useMemo(
    () => ({
      window,
      lateSinceMs: state.window ? null : (newest.answer?.lateSinceMs ?? null),
      counts,
      findings,
      words: words.answer?.of === key ? (words.answer.words ?? null) : null,
      loading: !known || findings.loading,
      refresh,
    }),
    [known, window, state.window, newest.answer, counts, findings, words.answer, key, refresh],
  );
}
