import { useMemo, useState } from 'react';
import type { AiLogsAnswer, MetricsAnswer } from '../../../../analyzer-service/src/contract.ts';
import { api } from '../../shared/api';
import { DEFAULT_WINDOW, type RawWindow } from '../../shared/timeWindow';
import { type Asked, useAnswer } from '../../shared/useAnswer';
import { useWindowTimes } from '../../shared/useWindowTimes';
import { isLate, newestWindow } from './newestWindow';
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

/**
 * Asks for the three at once and one after the other: each is shown when it comes. Where nobody chose a window, that is
 * the last half hour, until its counts say that nothing was logged lately.
 */
export function useTroubleshoot(state: TroubleshootState): Troubleshooting {
  const [lately, setLately] = useState<MetricsAnswer | null>(null);
  const late = state.window === null && lately !== null;
  const newest = useAnswer(late ? 'newest' : null, (signal) => newestWindow(lately as MetricsAnswer, signal));
  const window = state.window ?? (late ? newest.answer?.window : null) ?? DEFAULT_WINDOW;
  const { times, refresh } = useWindowTimes(window);
  const filter = { ...times, ...filterParameters(state) };
  const counts = useAnswer(JSON.stringify(filter), (signal) => api.metrics(filter, signal));
  if (state.window === null && lately === null && counts.answer && isLate(counts.answer)) {
    setLately(counts.answer);
  }
  const { mode, baseline } = state;
  const question = { ...filter, mode, baseline, limit: FINDINGS_MAX };
  const key = JSON.stringify(question);
  const findings = useAnswer(key, (signal) => api.query(question, signal));
  const searching = late && newest.loading;
  const found = findings.answer !== null && !findings.loading && findings.answer.findings.length > 0;
  const words = useAnswer(found && !searching ? key : null, async (signal) => {
    const answer = await api.query({ ...question, summary: 'model' }, signal);
    return { of: key, words: answer.words };
  });
  return useMemo(
    () => ({
      window,
      lateSinceMs: late ? (newest.answer?.lateSinceMs ?? null) : null,
      counts: searching ? { ...counts, answer: null } : counts,
      findings: searching ? { ...findings, answer: null } : findings,
      words: words.answer?.of === key ? (words.answer.words ?? null) : null,
      loading: searching || findings.loading,
      refresh,
    }),
    [window, late, searching, newest.answer, counts, findings, words.answer, key, refresh],
  );
}
