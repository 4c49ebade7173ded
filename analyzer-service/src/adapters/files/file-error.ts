import { AppError } from '../../errors.ts';

/** Says in one sentence why a file cannot be read, and what to do. */
export function toFileError(name: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const known = REASONS[code] ?? (code.startsWith('Z_') ? BROKEN_GZIP : `cannot be read: ${message}.`);
  return new AppError('invalid_request', `${name} ${known}`, { cause: error });
}

const BROKEN_GZIP =
  'is a broken or cut-off gzip file. Copy it again, or unpack what is left with zcat and pipe that in.';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist. Check the path.',
  EACCES: 'cannot be read: permission denied. Try it with sudo, or as a user who may read it.',
  EPERM: 'cannot be read: permission denied. Try it with sudo, or as a user who may read it.',
  EISDIR: 'is a directory. Name the files in it, for example with a pattern such as *.log.',
  ENOSPC: 'does not fit into the temporary folder. Free some space, or set TMPDIR to a larger disk.',
};
