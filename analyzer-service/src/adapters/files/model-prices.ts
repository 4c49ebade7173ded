import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { ModelPrices } from '../../ports.ts';

const price = z.number().min(0);

const pricesSchema = z.strictObject({
  currency: z.string().min(1).max(10),
  models: z.record(z.string(), z.strictObject({ input: price, output: price })),
});

const NO_PRICES: ModelPrices = { currency: '', models: {} };

/** The price table of the setting: JSON, or the path of a JSON file. Throws `invalid_configuration`. */
export async function readModelPrices(setting: string | undefined): Promise<ModelPrices> {
  if (!setting) return NO_PRICES;
  const isJson = setting.trimStart().startsWith('{');
  const where = isJson ? 'MODEL_PRICES' : `The file ${setting} of MODEL_PRICES`;
  try {
    return pricesSchema.parse(JSON.parse(isJson ? setting : await readFile(setting, 'utf8')));
  } catch (error) {
    const said = error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : String(error);
    throw new AppError(
      'invalid_configuration',
      `${where} is not a price table (${said}). Write it like {"currency":"USD","models":{"a-model":{"input":0.1,"output":0.3}}}, for a million tokens.`,
      { cause: error },
    );
  }
}
