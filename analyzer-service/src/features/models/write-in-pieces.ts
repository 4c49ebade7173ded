import type { GenerateRequest, Generated, Models } from '../../ports.ts';

/**
 * Begins an answer: resolves with the first text or the end of it, so that a model that is busy or fails is told with
 * a status of its own and not in a stream that has begun. Then gives each piece, and returns the whole.
 */
export async function writeInPieces(
  models: Pick<Models, 'generate'>,
  request: GenerateRequest,
): Promise<AsyncGenerator<string, Generated, void>> {
  const pieces: string[] = [];
  let next = Promise.withResolvers<void>();
  const ended = models.generate({
    ...request,
    onText: (piece) => {
      pieces.push(piece);
      next.resolve();
    },
  });
  // Told where it is awaited; nobody may be awaiting it when the reader goes early.
  ended.catch(() => undefined);
  await Promise.race([ended, next.promise]);
  return read();

  async function* read(): AsyncGenerator<string, Generated, void> {
    for (;;) {
      yield* pieces.splice(0);
      next = Promise.withResolvers();
      const generated = await Promise.race([ended, next.promise]);
      if (!generated) continue;
      yield* pieces.splice(0);
      return generated;
    }
  }
}
