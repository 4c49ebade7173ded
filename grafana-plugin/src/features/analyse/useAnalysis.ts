import { useEffect, useState } from 'react';
import type { AnalysisAnswer } from '../../../../analyzer-service/src/contract.ts';
import { api, followAnalysis } from '../../shared/api';
import { type Asked, useAnswer } from '../../shared/useAnswer';

interface FollowedAnalysis extends Asked<AnalysisAnswer> {
  /** 0 to 1. */
  readonly progress: number;
}

/** One analysis, and how far it is as long as it runs. */
export function useAnalysis(id: string): FollowedAnalysis {
  const asked = useAnswer(`analysis ${id}`, (signal) => api.analysis(id, signal));
  const { answer, reload } = asked;
  const [progress, setProgress] = useState(0);
  const isUnderWay = answer?.state === 'waiting' || answer?.state === 'running';
  useEffect(() => {
    if (!isUnderWay) {
      return undefined;
    }
    const following = followAnalysis(id, (head) => setProgress(head.progress), reload);
    return () => following.close();
  }, [id, isUnderWay, answer, reload]);
  return { ...asked, progress: Math.max(progress, answer?.progress ?? 0) };
}
