import { z } from 'zod';
import { LEVELS } from '../../../engine/log-line.ts';
import type { AiLogsOptions } from '../read-context.ts';
import type { AgentIncidents } from './agent-incidents.ts';
import type { Reply } from './reply.ts';

/** What the tools work with. */
export interface AgentOptions {
  readonly aiLogs: AiLogsOptions;
  readonly incidents: AgentIncidents;
  /** Hears of errors that nobody foresaw: the agent is not told more than that there was one. */
  readonly onUnforeseen: (error: unknown) => void;
}

export interface ToolContext extends AgentOptions {
  readonly signal: AbortSignal;
}

/** A tool that an agent can call: what it is for, what it takes, and its answer. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly arguments: z.ZodObject;
  /** Throws WrongCall when `given` are no arguments of this tool, and AppError. */
  run(given: unknown, context: ToolContext): Promise<{ readonly reply: Reply; readonly tokensMax: number }>;
}

/** Arguments that a tool does not take as they are. */
export class WrongCall extends Error {
  readonly issues: readonly z.core.$ZodIssue[];

  constructor(issues: readonly z.core.$ZodIssue[]) {
    super('wrong arguments');
    this.name = 'WrongCall';
    this.issues = issues;
  }
}

interface ToolDefinition<Shape extends z.ZodRawShape> {
  readonly name: string;
  readonly description: string;
  readonly arguments: Shape;
  /** Answers within no budget: what is too much is cut afterwards. */
  answer(given: z.infer<z.ZodObject<Shape>>, context: ToolContext): Promise<Reply>;
}

export function defineTool<Shape extends z.ZodRawShape>(definition: ToolDefinition<Shape>): Tool {
  const schema = z.strictObject({ ...definition.arguments, ...tokensArgument });
  return {
    name: definition.name,
    description: definition.description,
    arguments: schema,
    async run(given, context) {
      const parsed = schema.safeParse(given);
      if (!parsed.success) throw new WrongCall(parsed.error.issues);
      const { max_tokens: tokensMax, ...known } = parsed.data as { max_tokens: number };
      return { reply: await definition.answer(known as z.infer<z.ZodObject<Shape>>, context), tokensMax };
    },
  };
}

const tokensArgument = { max_tokens: z.number().int().min(300).max(20_000).default(2_000) };

const text = (charactersMax: number) => z.string().min(1).max(charactersMax);

/** A window as in the REST API. Each is described only where it is not plain: every word costs each agent tokens. */
export const windowArguments = {
  time_range: z
    .string()
    .regex(/^[1-9]\d{0,5}(s|m|h|d|w)$/, 'must look like 15m, 1h or 7d')
    .optional()
    .describe('back from end: 15m, 2h, 7d'),
  start: text(40).optional().describe('ISO 8601'),
  end: text(40).optional().describe('default now'),
};

export const servicesArgument = { services: commaList(text(200), 50).describe('api,payments') };

export const filterArguments = {
  ...servicesArgument,
  severity: commaList(z.enum(LEVELS), LEVELS.length).describe('error,fatal,warn'),
  search: text(500).optional().describe('text in the line'),
};

export const baselineArgument = {
  baseline: z.enum(['previous', 'yesterday', 'last_week', 'none']).default('previous'),
};

/** A list as one text with commas, or as an array: models write both. */
function commaList<T extends z.ZodType<string, string>>(item: T, itemsMax: number) {
  return z
    .preprocess(
      (value) => (isTexts(value, itemsMax) ? value.join(',') : value),
      z
        .string()
        .max(5_000)
        .transform((list) => list.split(',').map((word) => word.trim())),
    )
    .pipe(z.array(item).min(1).max(itemsMax))
    .optional();
}

function isTexts(value: unknown, itemsMax: number): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= itemsMax &&
    value.every((item: unknown) => typeof item === 'string')
  );
}
