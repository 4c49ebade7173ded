import type { CompiledStage } from '../pipeline/entry.ts';

const ESCAPE_SEQUENCE =
  /[\u001B\u009B][[\]()#;?]*(?:(?:(?:[a-zA-Z\d]*(?:;[a-zA-Z\d]*)*)?\u0007)|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PRZcf-ntqry=><~]))/g;

/** `| decolorize`: removes ANSI colour sequences from the line. */
export const decolorize: CompiledStage = (entry) => {
  if (/[\u001B\u009B]/.test(entry.line)) entry.line = entry.line.replaceAll(ESCAPE_SEQUENCE, '');
  return true;
};
