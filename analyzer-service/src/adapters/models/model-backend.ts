import type { ModelMessage } from '../../ports.ts';

/** One loaded model, of whatever kind. Each method throws when `signal` aborts. */
export interface ModelBackend {
  readonly local: boolean;
  /** It stopped by itself and has to be opened again. */
  readonly isGone?: boolean;
  write(request: WriteRequest): Promise<Written>;
  /** One vector for each text. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]>;
  close(): Promise<void>;
}

export interface WriteRequest {
  readonly messages: readonly ModelMessage[];
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
  readonly stop?: readonly string[] | undefined;
  readonly tokensMax: number;
  readonly temperature: number;
  readonly signal: AbortSignal;
  /** Told each piece of text as it comes; an empty one says that the model is at work. */
  readonly onText: (piece: string) => void;
}

export interface Written {
  readonly text: string;
  readonly promptTokens: number;
  readonly answerTokens: number;
}
