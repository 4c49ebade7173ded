import type { Column } from './columns.ts';
import type { ParameterSketchState } from './parameter-sketch.ts';

/** What a miner has learned, as plain JSON. */
export interface MinerSnapshot {
  readonly version: 1;
  readonly restCount: number;
  readonly wordings: readonly WordingSnapshot[];
  /** Patterns that users named. */
  readonly pinned: readonly {
    readonly name: string;
    readonly text: string;
    readonly count: number;
    readonly parameters: readonly (ParameterSketchState | null)[];
  }[];
}

export interface WordingSnapshot {
  readonly keys: readonly string[];
  readonly kinds: readonly Column['kind'][];
  readonly texts: readonly string[];
  readonly spacing: readonly boolean[];
  readonly count: number;
  readonly parameters: readonly (ParameterSketchState | null)[];
}

/** Refuses what `TemplateMiner.save` did not write, as far as a wrong file or another version can be told. */
export function checkSnapshot(value: unknown): asserts value is MinerSnapshot {
  const snapshot = value as Partial<MinerSnapshot> | null;
  if (snapshot?.version !== 1 || !Array.isArray(snapshot.wordings) || !Array.isArray(snapshot.pinned)) {
    throw new Error('These are not saved templates of this version: mine the logs again and save the result');
  }
  for (const wording of snapshot.wordings as readonly WordingSnapshot[]) {
    const columns = wording.keys.length;
    const lists = [wording.kinds, wording.texts, wording.spacing, wording.parameters];
    if (lists.some((list) => list.length !== columns) || !(wording.count >= 0)) {
      throw new Error('The saved templates are damaged: mine the logs again and save the result');
    }
  }
}
