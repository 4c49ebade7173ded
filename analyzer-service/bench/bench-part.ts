export interface BenchOptions {
  /** The folder with the evaluation data. */
  readonly data: string;
  /** Where predictions and results are written. */
  readonly out: string;
  /** Lines to which each system is repeated when speed is measured. */
  readonly lines: number;
  readonly speed: boolean;
}

/** One part of the engine's benchmark. It skips quietly what is not among the data. */
export interface BenchPart {
  readonly name: string;
  /** Prints its tables, writes what the scorers read under `out`, and answers its figures for `results.json`. */
  run(options: BenchOptions): Promise<unknown>;
}
