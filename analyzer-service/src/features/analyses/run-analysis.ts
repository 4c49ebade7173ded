import { analyzeLogs } from '../../engine/analysis/analyze-logs.ts';
import { toJson } from '../../engine/analysis/analysis-report.ts';
import { factsOfAnalysis } from '../../engine/analysis/facts-of-analysis.ts';
import type { LogInput } from '../../engine/analysis/log-input.ts';
import type { SummaryFacts } from '../../engine/summary/facts.ts';
import { AppError } from '../../errors.ts';
import type { WordsAnswer, WordsRequest } from '../../http/words-schema.ts';
import type { Clock } from '../../ports.ts';
import type { AnalysisResult, Asked } from './schema.ts';
import { textInput, type TextFile } from './text-input.ts';
import { nextTurn } from '../../turns.ts';

type WriteWords = (facts: SummaryFacts, request: WordsRequest, signal: AbortSignal) => Promise<WordsAnswer>;

export interface RunOptions {
  readonly clock: Clock;
  readonly writeWords: WriteWords;
  /** Of all texts together, unpacked. */
  readonly bytesMax: number;
}

const TEMPLATES_MAX = 200;
/** The words come after everything else. */
const SHARE_OF_FINDINGS = 0.9;

/** The same analysis as `sonde analyze` makes of files. Throws `invalid_request`, `body_too_large`, `cancelled`. */
export async function runAnalysis(
  { clock, writeWords, bytesMax }: RunOptions,
  files: readonly TextFile[],
  asked: Asked,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (share: number) => void },
): Promise<AnalysisResult> {
  const startedMs = clock();
  const inputs: LogInput[] = [];
  let bytes = 0;
  for (const file of files) {
    const input = await textInput(file, bytesMax - bytes, startedMs);
    bytes += input.sizeBytes;
    inputs.push(input);
  }
  if (bytes > bytesMax)
    throw new AppError(
      'body_too_large',
      `The texts are larger than ${bytesMax} bytes. Send less, or raise ANALYSIS_BYTES_MAX.`,
    );
  const breathe = async () => {
    await nextTurn();
    if (signal.aborted) throw cancelled();
  };
  const analysis = await analyzeLogs(inputs, {
    sinceMs: asked.since ? millisecondsOf(asked.since) : null,
    breathe,
    threads: 1,
    onProgress: (share) => {
      if (signal.aborted) throw cancelled();
      onProgress(share * SHARE_OF_FINDINGS);
    },
  });
  const report = toJson(analysis) as unknown as Omit<
    AnalysisResult,
    'words' | 'templates_left_out' | 'warnings' | 'took_ms'
  >;
  const words = asked.summary === 'model' ? await writeWords(factsOfAnalysis(analysis), asked, signal) : null;
  onProgress(1);
  return {
    ...report,
    summary: words?.text ?? report.summary,
    words,
    templates: report.templates.slice(0, TEMPLATES_MAX),
    templates_left_out: Math.max(0, report.templates.length - TEMPLATES_MAX),
    warnings: words ? [...words.warnings] : [],
    took_ms: Math.round(clock() - startedMs),
  };
}

function cancelled(): AppError {
  return new AppError('cancelled', 'The analysis was stopped before it was done. Ask again.');
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

function millisecondsOf(duration: string): number {
  return Number(duration.slice(0, -1)) * (UNIT_MS[duration.slice(-1)] ?? 0);
}
