/** Where `AnswerCache` keeps texts. A store that is away answers as if it were empty; only `clear` and `check` throw. */
export interface CacheStore {
  readonly kind: 'memory' | 'redis';
  get(key: string): Promise<string | null>;
  set(key: string, text: string, keepMs: number): Promise<void>;
  /** True for one caller among all processes, until it releases the key or `holdMs` are over. */
  claim(key: string, holdMs: number): Promise<boolean>;
  release(key: string): Promise<void>;
  clear(): Promise<number>;
  /** Null when the store is away. */
  count(): Promise<number | null>;
  check(): Promise<{ readonly version: string }>;
}
