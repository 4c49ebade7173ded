import type { z } from '@hono/zod-openapi';
import { nearest } from './nearest.ts';

/** What a caller has to write instead: zod's own words name its types, not the next step. */
export function issueSentence(issue: z.core.$ZodIssue): string {
  const [name, ...inner] = issue.path.map(String);
  const where = inner.every((part) => /^\d+$/.test(part)) ? name : issue.path.join('.');
  return [where, wordsOf(issue)].filter(Boolean).join(': ');
}

/** For `z.strictObject(shape, { error })`: which names there are, and which one was most likely meant. */
export function unknownNames(known: readonly string[]) {
  return (issue: { readonly code?: string; readonly keys?: readonly string[] }): string | undefined => {
    if (issue.code !== 'unrecognized_keys') return undefined;
    const [first = ''] = issue.keys ?? [];
    const meant = nearest(first.toLowerCase(), known);
    const shown = first.slice(0, NAME_CHARACTERS_MAX);
    return `there is no ${shown} here${meant ? `, did you mean ${meant}` : ''}: it takes ${known.join(', ')}`;
  };
}

const NAME_CHARACTERS_MAX = 60;
/** How zod begins the messages that nobody wrote by hand. */
const ITS_OWN = /^(Invalid|Too small|Too big|Unrecognized)/;

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small' && issue.origin === 'number') return `must be at least ${issue.minimum}`;
  if (issue.code === 'too_big' && issue.origin === 'number') return `must be at most ${issue.maximum}`;
  if (!ITS_OWN.test(issue.message)) return issue.message;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_type') return typeWords(issue.expected, issue.message);
  if (issue.code === 'too_big') return `must have at most ${issue.maximum} ${unitOf(issue.origin)}`;
  if (issue.code === 'too_small')
    return Number(issue.minimum) <= 1
      ? 'must not be empty'
      : `must have at least ${issue.minimum} ${unitOf(issue.origin)}`;
  return issue.code === 'invalid_format' && issue.format === 'uuid'
    ? 'must be an id as this service gives it'
    : issue.message;
}

function unitOf(origin: string): string {
  return origin === 'string' ? 'characters' : 'items';
}

function typeWords(expected: string, message: string): string {
  if (message.endsWith('received undefined')) return `is missing: give a ${expected}`;
  if (expected === 'string' && message.endsWith('received array'))
    return 'was given more than once: give it once, several values with commas';
  if (expected === 'array') return 'must be a list, such as ["one","two"]';
  return `must be a ${expected}`;
}
