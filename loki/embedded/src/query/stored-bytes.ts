/** In SQL, the bytes that a line counts for: its text and its structured metadata without JSON's signs. */
export const STORED_BYTES = `strlen(line) + (CASE WHEN metadata = '' THEN 0 ELSE
  strlen(metadata) - 1 - 2 * (strlen(metadata) - strlen(replace(metadata, '":"', ''))) END)`;

const KILOBYTE = 1024;

/** Loki counts whole kilobytes for each stream. */
export const wholeKilobytes = (bytes: number): number => Math.ceil(bytes / KILOBYTE) * KILOBYTE;
