import type { ClockSkew } from '../correlation/clock-skew.ts';
import type { ServiceGraphSummary } from '../correlation/service-graph.ts';
import type { UnusualRequest } from '../correlation/unusual-requests.ts';
import type { Finding, KnownPatternRef, Suspect } from '../finding.ts';
import type { Level, LogLine, TimeRange } from '../log-line.ts';
import type { PatternMatcher } from './observe.ts';

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
  /** Requests that are told whole, as examples of what is unusual. */
  readonly unusualRequestsMax: number;
}

export interface InvestigationScope {
  readonly window: TimeRange;
  /** What the window is compared with; may be empty, then the window is compared with its own past. */
  readonly baseline: readonly TimeRange[];
  /** When something is known to be wrong: then suspects are ranked even by evidence too weak for a finding. */
  readonly alertMs?: number;
  readonly limits?: Partial<InvestigationLimits>;
  /** Explains lines; by default the library without any pattern of a user. */
  readonly knownPatterns?: PatternMatcher;
  /** Wordings with a name: their lines count as one template whatever else is learned (see `TemplateMiner.pin`). */
  readonly namedPatterns?: readonly { readonly name: string; readonly text: string }[];
  /** What nobody wants to hear of, by the id of its template or of the known pattern that explains it. */
  readonly isMuted?: IsMuted;
}

export type IsMuted = (templateId: string | null, patternId: string | null) => boolean;

/** Weighted lines of one service, level and template. */
export interface TemplateCount {
  readonly id: string;
  readonly text: string;
  readonly service: string;
  readonly level: Level;
  readonly windowCount: number;
  readonly baselineCount: number;
  readonly pattern: KnownPatternRef | null;
  /** Chance does not explain how it differs from the baseline, whether a finding of its own says so or a cascade. */
  readonly isChanged: boolean;
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
  /** Who called whom in the window, with latencies, error shares and bottlenecks; empty without ids of requests. */
  readonly serviceGraph: ServiceGraphSummary;
  /** Requests of the window that broke or took far too long, with their way through the services. */
  readonly unusualRequests: readonly UnusualRequest[];
  /** Services whose clock disagrees with the others'; their lines were put right before requests were followed. */
  readonly clockSkews: readonly ClockSkew[];
  /** Changes that are no finding because their pattern is muted. */
  readonly mutedAnomalies: number;
  /** What did not fit into the limits. */
  readonly dropped: {
    readonly requestLines: number;
    readonly requestSteps: number;
    readonly measuredValues: number;
    readonly findings: number;
  };
}
