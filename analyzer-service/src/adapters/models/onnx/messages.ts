import type { ModelMessage } from '../../../ports.ts';

/** What the process of an ONNX model is told. One piece of work at a time. */
export type ToProcess =
  | {
      readonly kind: 'load';
      readonly folder: string;
      readonly task: 'text-generation' | 'embeddings';
      readonly precision: string;
      readonly threads: number;
      readonly contextTokens: number;
    }
  | {
      readonly kind: 'write';
      readonly messages: readonly ModelMessage[];
      readonly tokensMax: number;
      readonly temperature: number;
    }
  | { readonly kind: 'embed'; readonly texts: readonly string[] }
  | { readonly kind: 'stop' };

/** What it says. After each piece of work comes `loaded`, `written`, `embedded` or `failed`. */
export type FromProcess =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'text'; readonly piece: string }
  | {
      readonly kind: 'written';
      readonly text: string;
      readonly promptTokens: number;
      readonly answerTokens: number;
    }
  | { readonly kind: 'embedded'; readonly vectors: readonly (readonly number[])[] }
  | { readonly kind: 'failed'; readonly message: string };
