import { z } from '@hono/zod-openapi';
import { LEVELS } from '../../../engine/log-line.ts';
import { unknownNames } from '../../../http/issue-sentence.ts';

// The parameters that every endpoint of the logs shares, so that a window and a filter mean the same everywhere.

export const idValue = z.string().min(1).max(200);

const time = z.string().max(40).openapi({
  description: 'ISO 8601, or seconds, milliseconds or nanoseconds since the epoch',
  example: '2026-11-20T10:00:00Z',
});

export const windowParameters = {
  time_range: z
    .string()
    .regex(/^[1-9]\d{0,5}(s|m|h|d|w)$/, 'must look like 15m, 1h or 7d')
    .optional()
    .openapi({
      description: 'How far to look back from `end` (or from now); 30m if not given',
      example: '15m',
    }),
  start: time.optional(),
  end: time.optional(),
  too_large: z.enum(['refuse', 'newest']).optional().openapi({
    description:
      'A window with more logs than an answer may read is refused with what to narrow; newest: answered for its newest part that is not too large, with a warning that says which',
  }),
};

export const baselineParameters = {
  baseline: z.enum(['previous', 'yesterday', 'last_week', 'none']).default('previous').openapi({
    description: 'What the window is compared with: the window before, or the same time earlier',
  }),
  baseline_start: time.optional(),
  baseline_end: time.optional(),
};

/** Ids that lines carry as structured metadata; where none does, lines that contain the id are taken. */
const idParameters = {
  correlation_id: idValue.optional().openapi({ example: 'req-0f2c4be1a95d7c33' }),
  trace_id: idValue.optional().openapi({ example: '4bf92f3577b34da6a3ce929d0e0e4736' }),
  request_id: idValue.optional().openapi({ example: 'a81c5e92' }),
  conversation_id: idValue.optional().openapi({ example: 'conv-046472b32a50' }),
  workspace_id: idValue.optional().openapi({ example: 'ws-legal' }),
};

export const filterParameters = {
  services: commaList(z.string().min(1).max(200), 50, 'api,payments'),
  severity: commaList(z.enum(LEVELS), LEVELS.length, 'error,fatal'),
  search: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .openapi({ description: 'Text that a line must contain; case does not matter', example: 'timed out' }),
  ...idParameters,
};

export const limitParameter = {
  limit: z.coerce
    .number({ error: 'must be a number' })
    .int()
    .min(1)
    .max(1_000)
    .default(20)
    .openapi({ description: 'How many findings, templates or rows of a list the answer holds at most' }),
};

type WindowShape = typeof windowParameters & Partial<typeof baselineParameters>;

/** Unknown parameters are refused, so that a typing error is never ignored; so are two starts, and half a baseline. */
export function parameters<Shape extends WindowShape>(shape: Shape) {
  return z.strictObject(shape, { error: unknownNames(Object.keys(shape)) }).superRefine((value, context) => {
    const { time_range, start, baseline_start, baseline_end } = value as Partial<
      Record<'time_range' | 'start' | 'baseline_start' | 'baseline_end', string>
    >;
    if (time_range && start) refuse(context, 'time_range', 'give time_range or start, not both');
    if (Boolean(baseline_start) !== Boolean(baseline_end))
      refuse(context, 'baseline_start', 'give baseline_start and baseline_end together');
  });
}

export type WindowQuery = z.infer<z.ZodObject<typeof windowParameters>> &
  Partial<z.infer<z.ZodObject<typeof baselineParameters>>>;
export type FilterQuery = Partial<z.infer<z.ZodObject<typeof filterParameters>>>;

function refuse(context: z.RefinementCtx, name: string, message: string): void {
  context.addIssue({ code: 'custom', path: [name], message });
}

/** A comma-separated list as one parameter. */
function commaList<T extends z.ZodType<string, string>>(item: T, itemsMax: number, example: string) {
  return z
    .string()
    .max(5_000)
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(z.array(item).min(1).max(itemsMax))
    .optional()
    .openapi({ type: 'string', description: 'Comma-separated', example });
}
