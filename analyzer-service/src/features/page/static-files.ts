import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

export interface StaticFile {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  readonly type: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** A file below `folder`; null when there is none, when it lies elsewhere, or is of no kind that a page needs. */
export async function readStaticFile(folder: string, name: string): Promise<StaticFile | null> {
  const root = path.resolve(folder);
  const file = path.resolve(root, name);
  const type = TYPES[path.extname(file)];
  if (!type || name.includes('\0') || !file.startsWith(root + path.sep)) return null;
  try {
    if (!(await stat(file)).isFile()) return null;
    const content = new Uint8Array(await readFile(file));
    return { content, type, etag: `"${createHash('sha1').update(content).digest('base64url')}"` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return null;
    throw error;
  }
}
