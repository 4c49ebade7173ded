import type { DuckDBConnection } from '@duckdb/node-api';
import { copyFile, rename, rm, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import { attach } from './segment.ts';

/** A database file starts with three blocks of headers: a shorter one was cut off while it was made. */
const HEADER_BYTES = 12_288;
const LOG_ENTRY_HEADER_BYTES = 16;
const ATTEMPTS_MAX = 3;

/**
 * Attaches a file and, where a crash, a full disk or a bad disk left it damaged, repairs it first. Damaged
 * bytes are kept beside the file. Answers what was done, one sentence each; what cannot be repaired is thrown.
 */
export async function attachRepaired(
  connection: DuckDBConnection,
  file: string,
  schema: string,
): Promise<string[]> {
  const notes: string[] = [];
  const log = await sizeOf(`${file}.wal`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await attach(connection, file, schema);
      if (log > 0)
        notes.push(
          `recovered ${log} bytes of the write-ahead log of ${path.basename(file)} after an unclean stop`,
        );
      return notes;
    } catch (error) {
      const note =
        attempt > ATTEMPTS_MAX ? null : await repair(file, error instanceof Error ? error.message : '');
      if (!note) throw error;
      notes.push(note);
    }
  }
}

/** Answers what was repaired, or null when the reason is none that a repair helps against. */
async function repair(file: string, reason: string): Promise<string | null> {
  const name = path.basename(file);
  const corrupt = /Corrupt WAL file: entry at byte position (\d+)/.exec(reason);
  if (corrupt) {
    const at = Math.max(0, Number(corrupt[1]) - LOG_ENTRY_HEADER_BYTES);
    await copyFile(`${file}.wal`, `${file}.wal.damaged`);
    await truncate(`${file}.wal`, at);
    return `cut the write-ahead log of ${name} at byte ${at}, where it is damaged; the whole log is kept as ${name}.wal.damaged`;
  }
  if (
    !/not a valid DuckDB|Corrupt database file|Could not read enough bytes|Failed to load metadata/i.test(
      reason,
    )
  )
    return null;
  const bytes = await sizeOf(file);
  if (bytes < HEADER_BYTES && (await sizeOf(`${file}.wal`)) === 0) {
    await rm(file);
    return bytes === 0
      ? `made ${name} anew, which a crash had left empty`
      : `made ${name} anew, which was cut off before it held a line`;
  }
  await rename(file, `${file}.damaged`);
  if ((await sizeOf(`${file}.wal`)) > 0) await rename(`${file}.wal`, `${file}.damaged.wal`);
  return `set ${name} aside as ${name}.damaged because it cannot be read (${reason.split('\n')[0]}); its lines are missing`;
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}
