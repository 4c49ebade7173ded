import { AppError } from '../../../errors.ts';
import { sentence } from './log-text.ts';
import { mendCall } from './mend-call.ts';
import { nearest } from '../../../http/nearest.ts';
import { fenced, writeCall } from './reply.ts';
import { type Tool, WrongCall } from './tool.ts';

const PROBLEMS_MAX = 5;
const LONG_RANGE = '24h';

/** What was wrong with a call, and the call to make instead where it can be told; null for an error that nobody foresaw. */
export function explainCallError(tool: Tool, given: unknown, error: unknown): string | null {
  if (error instanceof WrongCall) {
    const mended = mendCall(tool, given);
    const problems = error.issues
      .slice(0, PROBLEMS_MAX)
      .map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '));
    return [
      `error invalid_request: ${sentence(problems.join('; '), 600)}.`,
      mended
        ? `call instead: ${writeCall(tool.name, mended)}`
        : `${tool.name} takes: ${Object.keys(tool.arguments.shape).join(', ')}. Example: ${writeCall(tool.name, exampleOf(tool))}`,
    ].join('\n');
  }
  if (!(error instanceof AppError)) return null;
  const instead = alternative(tool, given, error);
  return [
    error.code === 'not_found'
      ? `error not_found\n${fenced(sentence(error.message, 1_500))}`
      : `error ${error.code}: ${sentence(error.message, 1_500)}`,
    ...(instead ? [`call instead: ${writeCall(tool.name, instead)}`] : []),
  ].join('\n');
}

export function explainUnknownTool(name: string, tools: readonly Tool[]): string {
  const names = tools.map((tool) => tool.name);
  const meant = nearest(name, names);
  return `error not_found: there is no tool of this name. Tools: ${names.join(', ')}.${meant ? ` Did you mean ${meant}?` : ''}`;
}

/** The same call, changed as the error says; null where that cannot be told. */
function alternative(
  tool: Tool,
  given: unknown,
  { code, message }: AppError,
): Record<string, unknown> | null {
  const known = mendCall(tool, given);
  if (!known) return null;
  if (code === 'not_found' && tool.name === 'trace_request' && known['time_range'] !== LONG_RANGE) {
    return { ...without(known, ['start']), time_range: LONG_RANGE };
  }
  if (code === 'invalid_request' && /is not a time|must be before/.test(message)) {
    return { time_range: '1h', ...without(known, ['start', 'end', 'baseline_start', 'baseline_end']) };
  }
  if (code === 'invalid_request' && /baseline \w+ overlaps/.test(message))
    return { ...known, baseline: 'previous' };
  if (code === 'query_too_large' || code === 'loki_timeout') {
    return { ...without(known, ['start']), time_range: '15m' };
  }
  return null;
}

function without(given: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));
}

function exampleOf({ arguments: { shape } }: Tool): Record<string, unknown> {
  if ('line' in shape) return { line: 'Connection refused' };
  return 'time_range' in shape ? { time_range: '1h' } : {};
}
