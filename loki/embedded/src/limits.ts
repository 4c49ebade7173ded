/** Everything that bounds the store; the names follow Loki's limits_config where it has the same limit. */
export type Limits = {
  readonly bodyBytesMax: number;
  /** Of all bodies that are being read or wait to be stored. */
  readonly bodyBytesTotalMax: number;
  readonly lineBytesMax: number;
  readonly labelNamesMax: number;
  readonly labelNameBytesMax: number;
  readonly labelValueBytesMax: number;
  readonly metadataEntriesMax: number;
  readonly metadataBytesMax: number;
  readonly streamsMax: number;
  /** Lines older than this are refused; 0 accepts any age. */
  readonly oldestAcceptedMs: number;
  readonly creationGraceMs: number;
  readonly entriesPerQueryMax: number;
  /** Of the lines that one log query answers with. */
  readonly queryBytesMax: number;
  readonly queryRangeMsMax: number;
  readonly queryStepsMax: number;
  readonly querySeriesMax: number;
  readonly queryTimeoutMs: number;
  readonly concurrentPushesMax: number;
  readonly queuedPushesMax: number;
  /** Each running query holds one of the four threads that Node has for such work; pushes need one too. */
  readonly concurrentQueriesMax: number;
  readonly queuedQueriesMax: number;
  readonly tailClientsMax: number;
  /** Lines older than this are removed; 0 keeps them. */
  readonly retentionMs: number;
  /** Oldest lines are removed when the files take more; 0 means no bound. */
  readonly retentionBytes: number;
  readonly memoryMegabytes: number;
  readonly segmentLinesMax: number;
};

const HOUR_MS = 3_600_000;

export const DEFAULT_LIMITS: Limits = {
  bodyBytesMax: 16 * 1024 * 1024,
  bodyBytesTotalMax: 256 * 1024 * 1024,
  lineBytesMax: 256 * 1024,
  labelNamesMax: 15,
  labelNameBytesMax: 1024,
  labelValueBytesMax: 2048,
  metadataEntriesMax: 128,
  metadataBytesMax: 64 * 1024,
  streamsMax: 100_000,
  oldestAcceptedMs: 0,
  creationGraceMs: 600_000,
  entriesPerQueryMax: 5000,
  queryBytesMax: 64 * 1024 * 1024,
  queryRangeMsMax: 721 * HOUR_MS,
  queryStepsMax: 11_000,
  querySeriesMax: 500,
  queryTimeoutMs: 60_000,
  concurrentPushesMax: 4,
  queuedPushesMax: 1000,
  concurrentQueriesMax: 2,
  queuedQueriesMax: 200,
  tailClientsMax: 500,
  retentionMs: 0,
  retentionBytes: 0,
  memoryMegabytes: 64,
  segmentLinesMax: 1_000_000,
};
