import type { SeriesTableState } from '../anomalies/line-series.ts';
import { SeriesTable } from '../anomalies/line-series.ts';
import type { MeasuredTableState } from '../anomalies/measured-series.ts';
import { MeasuredTable } from '../anomalies/measured-series.ts';
import { measuredValues } from '../anomalies/measured-values.ts';
import { TimeGrid } from '../anomalies/time-grid.ts';
import { followRequests } from '../correlation/follow-requests.ts';
import type { RequestStoreState } from '../correlation/request-store.ts';
import { RequestStore } from '../correlation/request-store.ts';
import { standardLibrary } from '../library/library.ts';
import type { LogLine } from '../log-line.ts';
import type { MinerSnapshot } from '../templates/miner-snapshot.ts';
import type { TemplateParameter } from '../templates/template.ts';
import { TemplateMiner } from '../templates/template-miner.ts';
import { REST } from '../templates/wording-store.ts';
import { conclude } from './conclude.ts';
import type { CountSeries } from './exact-counts.ts';
import { ExactCounts } from './exact-counts.ts';
import type {
  InvestigationLimits,
  InvestigationResult,
  InvestigationScope,
  IsMuted,
} from './investigation-result.ts';
import type { PatternMatcher } from './observe.ts';
import { observe } from './observe.ts';

export type { InvestigationResult, TemplateCount } from './investigation-result.ts';

export interface InvestigationState {
  readonly templates: MinerSnapshot;
  /** For each handle in the tables below its place in `templates`, or -1. */
  readonly places: Int32Array;
  readonly series: SeriesTableState;
  readonly measured: MeasuredTableState;
  readonly requests: RequestStoreState;
  readonly linesRead: number;
  readonly linesOutside: number;
  readonly countedLines: number;
}

const DEFAULT_LIMITS: InvestigationLimits = {
  seriesMax: 5000,
  measuredMax: 2000,
  requestsMax: 50_000,
  requestLinesMax: 400_000,
  stepsMax: 50_000,
  findingsMax: 100,
  unusualRequestsMax: 20,
};

/**
 * The one entry of the engine for troubleshooting: give it the lines of a window and of its baseline in any order,
 * then ask what changed and who started it. No clock, no randomness: the same lines give the same answer.
 */
export class Investigation {
  readonly #grid: TimeGrid;
  readonly #limits: InvestigationLimits;
  readonly #knownPatterns: PatternMatcher;
  readonly #alertMs: number | null;
  readonly #isMuted: IsMuted;
  readonly #miner = new TemplateMiner();
  readonly #series: SeriesTable;
  readonly #measured: MeasuredTable;
  readonly #requests: RequestStore;
  readonly #exact: ExactCounts;
  #linesRead = 0;
  #linesOutside = 0;
  #countedLines = 0;

  /** Throws a RangeError when the window is empty, and what `TemplateMiner.pin` throws for a bad named pattern. */
  constructor(scope: InvestigationScope) {
    this.#grid = new TimeGrid(scope.window, scope.baseline);
    this.#limits = { ...DEFAULT_LIMITS, ...scope.limits };
    this.#knownPatterns = scope.knownPatterns ?? standardLibrary().match;
    this.#alertMs = scope.alertMs ?? null;
    this.#isMuted = scope.isMuted ?? (() => false);
    for (const { name, text } of scope.namedPatterns ?? []) this.#miner.pin(name, text);
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

  /** What the lines added so far gave, as data that a thread can send. */
  state(): InvestigationState {
    return {
      templates: this.#miner.save(),
      places: this.#miner.placesInSaved(),
      series: { series: this.#series.series, droppedLines: this.#series.droppedLines },
      measured: this.#measured.state(),
      requests: this.#requests.state(),
      linesRead: this.#linesRead,
      linesOutside: this.#linesOutside,
      countedLines: this.#countedLines,
    };
  }

  /** Adds what another investigation of the same scope read: lines may be read in parts, on several threads. */
  merge(state: InvestigationState): void {
    const handles = this.#miner.merge(state.templates);
    const handleOf = (handle: number) => handles[state.places[handle] ?? -1] ?? REST;
    this.#series.merge(state.series, handleOf);
    this.#measured.merge(state.measured, handleOf);
    this.#requests.merge(state.requests, handleOf);
    this.#linesRead += state.linesRead;
    this.#linesOutside += state.linesOutside;
    this.#countedLines += state.countedLines;
  }

  /** Adds exact counts; for the services that they name they take precedence over the lines' weights in rates. */
  addCounts(counts: readonly CountSeries[]): void {
    for (const series of counts) this.#exact.add(series);
  }

  /** What stood in the places of a template, over all lines that were read, of all services. Empty for an unknown id. */
  parametersOf(templateId: string): readonly TemplateParameter[] {
    const series = this.#series.series.find(({ handle }) => this.#miner.resolve(handle).id === templateId);
    return series === undefined ? [] : this.#miner.parameters(series.handle);
  }

  /** Compares, correlates and ranks, in one go. May be called again after more lines. */
  finish(): InvestigationResult {
    const turns = this.finishInTurns();
    for (;;) {
      const turn = turns.next();
      if (turn.done === true) return turn.value;
    }
  }

  /**
   * The same in turns of some 10 ms, so that a server can do other work between two: it yields nothing, and returns
   * the result. About 3 s of CPU for a million lines that carry ids of requests, hardly any for lines without.
   */
  *finishInTurns(): Generator<undefined, InvestigationResult> {
    const observations = observe(
      this.#grid,
      this.#series.series,
      (handle) => this.#miner.resolve(handle),
      this.#exact,
      this.#knownPatterns,
    );
    yield;
    const requests = yield* followRequests({
      grid: this.#grid,
      store: this.#requests,
      templateOf: (handle) => this.#miner.resolve(handle),
      stepsMax: this.#limits.stepsMax,
    });
    const { droppedFindings, ...conclusion } = conclude({
      observations,
      requests,
      measured: this.#measured.series,
      isSampled: this.#requests.isSampled,
      alertMs: this.#alertMs,
      isMuted: this.#isMuted,
      limits: this.#limits,
    });
    return {
      ...conclusion,
      restLines: this.#series.droppedLines,
      countedLines: this.#countedLines,
      linesRead: this.#linesRead,
      linesOutside: this.#linesOutside,
      dropped: {
        requestLines: this.#requests.droppedRequestLines,
        requestSteps: requests.analysis.droppedSteps,
        measuredValues: this.#measured.droppedValues,
        findings: droppedFindings,
      },
    };
  }
}
