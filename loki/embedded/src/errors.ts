/** An answer other than success: the HTTP status and one sentence, as Loki gives them. */
export class LokiError extends Error {
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export const badRequest = (message: string): LokiError => new LokiError(400, message);
