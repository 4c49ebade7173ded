import type { Context } from 'hono';
import { AppError } from '../errors.ts';
import { nearest } from './nearest.ts';

interface Route {
  readonly method: string;
  readonly path: string;
}

/** Why nothing answers here: the method is another one, or the path; with the one that was most likely meant. */
export function noSuchRoute(c: Context, routes: readonly Route[]): AppError {
  const { method, path } = c.req;
  const known = routes.filter((route) => route.method !== 'ALL' && !route.path.includes('*'));
  const here = known.filter((route) => matches(route.path, path)).map((route) => route.method);
  if (here.length > 0) {
    const methods = [...new Set(here)].join(', ');
    c.header('allow', methods);
    return new AppError(
      'method_not_allowed',
      `${shown(path)} takes ${methods}, not ${method}. How it is called is described at /docs.`,
    );
  }
  const meant = meantPath(path, [...new Set(known.map((route) => route.path))]);
  return new AppError(
    'not_found',
    `There is no ${method} ${shown(path)}.${meant ? ` Did you mean ${meant}?` : ''} The API is described at /docs.`,
  );
}

/** `/exports/:id` and `/exports/{id}` take one segment there. */
function matches(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (isParameter(part) ? given[index] !== '' : part === given[index]))
  );
}

function isParameter(part: string): boolean {
  return part.startsWith(':') || part.startsWith('{');
}

/** A typing error in one of the parts, a beginning that was left out, or a part that was forgotten at the end. */
function meantPath(path: string, paths: readonly string[]): string | null {
  const parts = path.split('/').filter(Boolean);
  const last = parts.at(-1);
  if (!last || path.length > PATH_CHARACTERS_MAX) return null;
  const ends = paths.filter((candidate) => !isParameter(candidate.split('/').at(-1) ?? ''));
  const exact = ends.find((candidate) => candidate.endsWith(`/${last}`) && candidate !== `/${last}`);
  if (exact) return exact;
  const longer = paths.find((candidate) => {
    const wanted = candidate.split('/').filter(Boolean);
    return (
      wanted.length === parts.length + 1 &&
      parts.every((part, index) => part === wanted[index] || isParameter(wanted[index] ?? ''))
    );
  });
  const word = nearest(
    last,
    ends.map((candidate) => candidate.split('/').at(-1) ?? ''),
  );
  const similar = word && ends.find((candidate) => candidate.endsWith(`/${word}`));
  return similar || longer || null;
}

const PATH_CHARACTERS_MAX = 200;

function shown(path: string): string {
  return path.length > PATH_CHARACTERS_MAX ? `${path.slice(0, PATH_CHARACTERS_MAX)}…` : path;
}
