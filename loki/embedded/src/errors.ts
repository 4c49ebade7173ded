/** An answer other than success: the HTTP status and one sentence, as Loki gives them. */
export class LokiError extends Error {
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** For the end of a switch over all kinds: the compiler proves that it is never called. */
export function unreachable(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}

export const badRequest = (message: string): LokiError => new LokiError(400, message);
