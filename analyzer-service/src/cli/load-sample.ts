import { type ScenarioName, generateSample, pushSample } from '@sonde/loki-sample';
import { AppError } from '../errors.ts';
import { bar, endProgress, showProgress } from './progress.ts';

export interface SampleLoad {
  readonly url: string;
  readonly scenario: ScenarioName | 'none';
  readonly seed: number;
  readonly linesPerSecond: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly signal: AbortSignal;
}

/** Writes a past range of the sample into a store as fast as it takes it. Answers with the number of lines. */
export async function loadSample({ url, signal, ...sample }: SampleLoad): Promise<number> {
  const expected = ((sample.endMs - sample.startMs) / 1_000) * sample.linesPerSecond;
  const { lines } = await pushSample(generateSample(sample), {
    url,
    signal,
    onProgress: (done) =>
      showProgress(
        `  loading the sample ${bar(done.lines / expected)} ${done.lines.toLocaleString('en')} lines`,
      ),
  })
    .catch((error: unknown) => {
      signal.throwIfAborted();
      throw new AppError('loki_failed', `The sample could not be loaded: ${(error as Error).message}.`, {
        cause: error,
      });
    })
    .finally(endProgress);
  return lines;
}
