export type Answer = {
  readonly status: number;
  /** Text, or parts of a long text that are sent one after the other. */
  readonly body: string | Iterable<string>;
  readonly contentType: string;
};

export const jsonAnswer = (body: unknown): Answer => ({
  status: 200,
  body: JSON.stringify(body),
  contentType: 'application/json; charset=utf-8',
});

export const textAnswer = (status: number, body: string): Answer => ({
  status,
  body,
  contentType: 'text/plain; charset=utf-8',
});

export const noContent: Answer = { status: 204, body: '', contentType: '' };
