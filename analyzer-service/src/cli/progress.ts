/** One line on stderr that is written over again; nothing where stderr is no terminal. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r\u001b[2K${text.slice(0, Math.max(20, process.stderr.columns - 1))}`);
}

export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
}

/** `[#####     ]` of 20 cells. */
export function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * 20);
  return `[${'#'.repeat(filled)}${' '.repeat(20 - filled)}]`;
}
