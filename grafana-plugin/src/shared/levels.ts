/** The levels that the analyzer tells lines apart by, the mildest first. */
export const LEVELS = ['trace', 'debug', 'info', 'unknown', 'warn', 'error', 'fatal'] as const;
