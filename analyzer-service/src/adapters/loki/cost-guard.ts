import { AppError } from '../../errors.ts';
import type { CostRequest } from '../../ports.ts';
import { bytesOf, largestServices } from './loki-index.ts';
import type { LokiHttp } from './loki-http.ts';

const SERVICES_NAMED = 3;

/** Throws `query_too_large` with what to narrow when the index knows of more than `bytesMax` in the range. */
export async function guardCost(
  http: LokiHttp,
  request: CostRequest,
  serviceLabel: string,
  bytesMax: number,
): Promise<void> {
  const bytes = await bytesOf(http, request);
  if (bytes === null || bytes <= bytesMax) return;
  const services = await largestServices(http, request, serviceLabel, SERVICES_NAMED);
  const { startMs, endMs } = request.range;
  const minutes = Math.max(1, Math.floor(((endMs - startMs) * (bytesMax / bytes)) / 60_000));
  const advice = [
    ...(services.length > 1
      ? [
          `narrow to one of its services (${services.map((of) => `services=${of.service} has ${megabytes(of.bytes)}`).join(', ')})`,
        ]
      : []),
    `narrow to about ${minutes} minute${minutes === 1 ? '' : 's'}`,
    'raise LOKI_BYTES_PER_ANSWER_MAX',
  ];
  throw new AppError(
    'query_too_large',
    `This range holds about ${megabytes(bytes)} of logs, and an answer reads at most ${megabytes(bytesMax)}. Either ${advice.join(', or ')}.`,
  );
}

function megabytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1e6)).toLocaleString('en')} MB`;
}
