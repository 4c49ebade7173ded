import { headersFor } from '../adapters/loki/loki-http.ts';
import { ownLines } from '../adapters/notify/own-lines.ts';
import type { Config } from '../config.ts';
import type { WriteOwnLines } from '../ports.ts';

/** Sonde's own lines go where the logs are read from. */
export function connectOwnLines(config: Config, lokiUrl: string): WriteOwnLines {
  return ownLines({
    url: lokiUrl,
    headers: headersFor({
      tenant: config.LOKI_TENANT,
      username: config.LOKI_USERNAME,
      password: config.LOKI_PASSWORD,
      token: config.LOKI_TOKEN,
    }),
    serviceLabel: config.SERVICE_LABEL,
    timeoutMs: config.NOTIFY_TIMEOUT_MS,
  });
}
