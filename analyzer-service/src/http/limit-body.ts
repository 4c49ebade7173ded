import { bodyLimit } from 'hono/body-limit';
import type { AppEnvironment } from './app-environment.ts';
import { writeError } from './error-answers.ts';
import type { Context } from 'hono';

/** Refuses larger bodies. `setting` is where the limit comes from. */
export function limitBody(bytesMax: number, setting: string) {
  return bodyLimit({
    maxSize: bytesMax,
    onError: (c: Context<AppEnvironment>) =>
      writeError(
        c,
        'body_too_large',
        `The body is larger than ${bytesMax} bytes. Send less, or raise ${setting}.`,
      ),
  });
}
