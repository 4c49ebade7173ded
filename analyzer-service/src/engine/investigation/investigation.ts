import type { Anomaly, Detection } from '../anomalies/anomaly.ts';
import { findConfigChanges } from '../anomalies/config-changes.ts';
import { detectErrorRates } from '../anomalies/error-rates.ts';
import { SeriesTable } from '../anomalies/line-series.ts';
import { MeasuredTable } from '../anomalies/measured-series.ts';
import { detectMeasuredShifts } from '../anomalies/measured-shifts.ts';
import { measuredValues } from '../anomalies/measured-values.ts';
import type { Observations, TemplateObservation } from '../anomalies/observation.ts';
import { detectSilence } from '../anomalies/silence.ts';
import { detectTemplateChanges } from '../anomalies/template-changes.ts';
import { TimeGrid } from '../anomalies/time-grid.ts';
import { detectVolume } from '../anomalies/volume.ts';
import type { FailureOrder } from '../correlation/failures.ts';
import { orderFailures } from '../correlation/failures.ts';
import type { RequestAnalysis } from '../correlation/request-analysis.ts';
import { analyzeRequests } from '../correlation/request-analysis.ts';
import type { RequestPath } from '../correlation/request-path.ts';
import { followRequest, PlaceTable } from '../correlation/request-path.ts';
import { RequestStore } from '../correlation/request-store.ts';
import type { Finding, KnownPatternRef, Suspect } from '../finding.ts';
import { explainedByCascade, findCascades } from '../findings/cascades.ts';
import { foldAnomalies } from '../findings/fold-anomalies.ts';
import { breakAnomalies, delayAnomalies } from '../findings/request-findings.ts';
import { rankFindings, significantAnomalies, toFinding } from '../findings/rank-findings.ts';
import type { Level, LogLine, TimeRange } from '../log-line.ts';
import { standardLibrary } from '../library/library.ts';
import { TemplateMiner } from '../templates/template-miner.ts';
import type { CountSeries } from './exact-counts.ts';
import { ExactCounts } from './exact-counts.ts';
import type { PatternMatcher } from './observe.ts';
import { observe } from './observe.ts';
import { rankSuspects } from './suspects.ts';

export interface InvestigationLimits {
  /** Templates by service and level that are followed over time. */
  readonly seriesMax: number;
  /** Measured numbers by service, template and name. */
  readonly measuredMax: number;
  readonly requestsMax: number;
  /** Lines kept for requests, all together. */
  readonly requestLinesMax: number;
  /** Distinct steps between lines of requests, and distinct gaps. */
  readonly stepsMax: number;
  readonly findingsMax: number;
}

const DEFAULT_LIMITS: InvestigationLimits = {
  seriesMax: 5000,
  measuredMax: 2000,
  requestsMax: 50_000,
  requestLinesMax: 400_000,
  stepsMax: 50_000,
  findingsMax: 100,
};

/** How much of what is found may be chance: hardly any while all may be well, more once something is known to be wrong. */
const FALSE_SHARE = 0.001;
const FALSE_SHARE_AT_ALERT = 0.02;

export interface InvestigationScope {
  readonly window: TimeRange;
  /** What the window is compared with; may be empty, then the window is compared with its own past. */
  readonly baseline: readonly TimeRange[];
  /** When something is known to be wrong: then suspects are ranked even by evidence too weak for a finding. */
  readonly alertMs?: number;
  readonly limits?: Partial<InvestigationLimits>;
  /** Explains lines; by default the library without any pattern of a user. */
  readonly knownPatterns?: PatternMatcher;
}

/** Weighted lines of one service, level and template. */
export interface TemplateCount {
  readonly id: string;
  readonly text: string;
  readonly service: string;
  readonly level: Level;
  readonly windowCount: number;
  readonly baselineCount: number;
  readonly pattern: KnownPatternRef | null;
  /** Weighted lines in the window, in 60 equal steps. */
  readonly series: readonly number[];
  /** The earliest line that was read in the window, and when the latest was written; null when there is none. */
  readonly firstLine: LogLine | null;
  readonly lastMs: number | null;
}

export interface InvestigationResult {
  /** Strongest first. */
  readonly findings: readonly Finding[];
  /** Most suspect first; empty when nothing above "info" was found. */
  readonly suspects: readonly Suspect[];
  /** Most lines in the window first. Their counts plus `restLines` equal `countedLines`. */
  readonly templates: readonly TemplateCount[];
  /** Weighted lines of the window and the baseline that no template counts. */
  readonly restLines: number;
  readonly countedLines: number;
  /** Lines given to `add`, unweighted, and those of them that lie in neither window nor baseline. */
  readonly linesRead: number;
  readonly linesOutside: number;
  /** What did not fit into the limits. */
  readonly dropped: {
    readonly requestLines: number;
    readonly measuredValues: number;
    readonly findings: number;
  };
}

/**
 * The one entry of the engine for troubleshooting: give it the lines of a window and of its baseline in any order,
 * then ask what changed and who started it. No clock, no randomness: the same lines give the same answer.
 */
export class Investigation {
  readonly #grid: TimeGrid;
  readonly #limits: InvestigationLimits;
  readonly #knownPatterns: PatternMatcher;
  readonly #alertMs: number | null;
  readonly #miner = new TemplateMiner();
  readonly #series: SeriesTable;
  readonly #measured: MeasuredTable;
  readonly #requests: RequestStore;
  readonly #exact: ExactCounts;
  #linesRead = 0;
  #linesOutside = 0;
  #countedLines = 0;

  /** Throws a RangeError when the window is empty. */
  constructor(scope: InvestigationScope) {
    this.#grid = new TimeGrid(scope.window, scope.baseline);
    this.#limits = { ...DEFAULT_LIMITS, ...scope.limits };
    this.#knownPatterns = scope.knownPatterns ?? standardLibrary().match;
    this.#alertMs = scope.alertMs ?? null;
    this.#series = new SeriesTable(this.#grid, this.#limits.seriesMax);
    this.#measured = new MeasuredTable(this.#grid, this.#limits.measuredMax);
    this.#requests = new RequestStore(this.#limits.requestsMax, this.#limits.requestLinesMax);
    this.#exact = new ExactCounts(this.#grid);
  }

  /** Reads one line, in any order; a few microseconds. Lines outside the scope are counted and left. */
  add(line: LogLine): void {
    this.#linesRead += 1;
    const slot = this.#grid.slot(line.timeMs);
    if (slot < 0) {
      this.#linesOutside += 1;
      return;
    }
    this.#countedLines += line.weight;
    const handle = this.#miner.add(line.text, line.weight);
    if (this.#series.add(line, handle, slot) === null) return;
    this.#requests.add(line, handle);
    for (const measured of measuredValues(line)) this.#measured.add(line, handle, slot, measured);
  }

  /** Adds exact counts; for the services that they name they take precedence over the lines' weights in rates. */
  addCounts(counts: readonly CountSeries[]): void {
    for (const series of counts) this.#exact.add(series);
  }

  /** Compares, correlates and ranks. May be called again after more lines. */
  finish(): InvestigationResult {
    const observations = observe(
      this.#grid,
      this.#series.series,
      (handle) => this.#miner.resolve(handle),
      this.#exact,
      this.#knownPatterns,
    );
    const { paths, analysis } = this.#analyzeRequests();
    const anomalies = this.#detect(observations, analysis);
    const order = orderNewFailures(paths, analysis, newFailures(observations, anomalies));
    const cascades = findCascades(order, anomalies, analysis.places);
    const changes = findConfigChanges(observations, anomalies);
    const told = anomalies.filter((anomaly) => !explainedByCascade(anomaly, cascades));
    const folded = foldAnomalies([...told, ...changes]);
    const findings = rankFindings([...cascades, ...folded.map((anomaly) => toFinding(anomaly))]);
    const isQuiet = findings.every((finding) => finding.severity === 'info');
    const shown = findings.slice(0, this.#limits.findingsMax);
    return {
      findings: shown,
      suspects:
        isQuiet && this.#alertMs === null
          ? []
          : rankSuspects({ anomalies: [...anomalies, ...changes], findings: shown, order, analysis }),
      templates: observations.templates.map(templateCount(observations)).sort(byCount),
      restLines: this.#series.droppedLines,
      countedLines: this.#countedLines,
      linesRead: this.#linesRead,
      linesOutside: this.#linesOutside,
      dropped: {
        requestLines: this.#requests.droppedRequestLines,
        measuredValues: this.#measured.droppedValues,
        findings: findings.length - shown.length,
      },
    };
  }

  #analyzeRequests(): { paths: readonly RequestPath[]; analysis: RequestAnalysis } {
    const places = new PlaceTable();
    const paths = this.#requests
      .trails()
      .map((trail) =>
        followRequest(trail, (line, handle) => places.number(line, this.#miner.resolve(handle))),
      );
    return { paths, analysis: analyzeRequests(this.#grid, paths, places.places, this.#limits.stepsMax) };
  }

  /** Requests that were picked because they failed prove nothing about shares: then they speak for suspects only. */
  #detectInRequests(analysis: RequestAnalysis): Detection {
    if (this.#requests.isSampled) return { anomalies: [], tested: 0 };
    return {
      anomalies: [...breakAnomalies(analysis, this.#grid), ...delayAnomalies(analysis, this.#grid)],
      tested: analysis.tested,
    };
  }

  #detect(observations: Observations, analysis: RequestAnalysis): Anomaly[] {
    const detections: Detection[] = [
      detectTemplateChanges(observations),
      detectErrorRates(observations),
      detectSilence(observations),
      detectVolume(observations),
      detectMeasuredShifts(this.#grid, this.#measured.series),
      this.#detectInRequests(analysis),
    ];
    return significantAnomalies(
      detections.flatMap((detection) => detection.anomalies),
      detections.reduce((sum, detection) => sum + detection.tested, 0),
      this.#alertMs === null ? FALSE_SHARE : FALSE_SHARE_AT_ALERT,
    );
  }
}

/** Failures that the baseline does not explain, as "service template": anomalous ones, and all that are new. */
function newFailures(observations: Observations, anomalies: readonly Anomaly[]): Set<string> {
  const failures = new Set(anomalies.map(({ service, template }) => `${service} ${template?.id}`));
  const failing = new Set(
    anomalies.filter(({ kind }) => kind === 'error_rate').map(({ service }) => service),
  );
  for (const { service, template, baselineCount } of observations.templates) {
    if (baselineCount === 0 && failing.has(service)) failures.add(`${service} ${template.id}`);
  }
  return failures;
}

function orderNewFailures(
  paths: readonly RequestPath[],
  analysis: RequestAnalysis,
  failures: ReadonlySet<string>,
): FailureOrder {
  return orderFailures({
    paths,
    isFailure: (line, place) => failures.has(`${line.service} ${analysis.places[place]?.template.id}`),
    brokeAt: analysis.brokeAt,
  });
}

function templateCount({ grid }: Observations) {
  return (observed: TemplateObservation): TemplateCount => {
    const { template, service, level, windowCount, baselineCount, pattern, slots, firstLines, lastMs } =
      observed;
    return {
      id: template.id,
      text: template.text,
      service,
      level,
      windowCount,
      baselineCount,
      pattern,
      series: [...slots.subarray(0, grid.windowBins)],
      firstLine: firstLines.find((line) => line !== undefined) ?? null,
      lastMs: Number.isFinite(lastMs) ? lastMs : null,
    };
  };
}

function byCount(a: TemplateCount, b: TemplateCount): number {
  return b.windowCount - a.windowCount || b.baselineCount - a.baselineCount || (a.id < b.id ? -1 : 1);
}
