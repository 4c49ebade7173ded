import type { Tool } from './tool.ts';
import { compare } from './tools/compare.ts';
import { explainLine } from './tools/explain-line.ts';
import { incidents } from './tools/incidents.ts';
import { patterns } from './tools/patterns.ts';
import { queryLogs } from './tools/query-logs.ts';
import { traceRequest } from './tools/trace-request.ts';
import { troubleshoot } from './tools/troubleshoot.ts';

/** Every tool of the server, in the order in which an agent should think of them. */
export const TOOLS: readonly Tool[] = [
  troubleshoot,
  queryLogs,
  traceRequest,
  patterns,
  compare,
  incidents,
  explainLine,
];
