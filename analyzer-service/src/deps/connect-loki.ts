import { readFile } from 'node:fs/promises';
import { LokiLogSource } from '../adapters/loki/loki-log-source.ts';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';

/** The logs, behind all limits. Throws `invalid_configuration`. */
export async function connectLoki(config: Config, url: string): Promise<LokiLogSource> {
  return new LokiLogSource(
    {
      url,
      tenant: config.LOKI_TENANT,
      username: config.LOKI_USERNAME,
      password: config.LOKI_PASSWORD,
      token: config.LOKI_TOKEN,
      ca: await readCertificates(config),
      timeoutMs: config.LOKI_TIMEOUT_MS,
      retriesMax: config.LOKI_RETRIES_MAX,
      parallelQueries: config.LOKI_PARALLEL_QUERIES,
      answerBytesMax: config.LOKI_ANSWER_BYTES_MAX,
    },
    { service: config.SERVICE_LABEL, level: config.LEVEL_LABEL },
    {
      entriesPerQuery: config.LOKI_ENTRIES_PER_QUERY,
      rangeMsMax: config.LOKI_RANGE_HOURS_MAX * 3_600_000,
      bytesPerAnswerMax: config.LOKI_BYTES_PER_ANSWER_MAX,
    },
  );
}

async function readCertificates({ LOKI_CA_FILE }: Config): Promise<string | undefined> {
  if (!LOKI_CA_FILE) return undefined;
  try {
    return await readFile(LOKI_CA_FILE, 'utf8');
  } catch (error) {
    throw new AppError(
      'invalid_configuration',
      `LOKI_CA_FILE cannot be read: ${(error as Error).message}. Name a file with certificates in PEM.`,
      { cause: error },
    );
  }
}
