import { AppError } from '../../errors.ts';
import { analysisRequestSchema, askedSchema, FILES_MAX } from './schema.ts';
import type { Submission } from './analyses.ts';
import type { TextFile } from './text-input.ts';

type Read = Omit<Submission, 'actor'>;

/** Throws `invalid_request`. */
export function readJson(body: unknown): Read {
  const parsed = analysisRequestSchema.safeParse(body);
  if (!parsed.success) throw refused(parsed.error);
  const { text, name, files, ...asked } = parsed.data;
  const pasted = text === undefined ? [] : [{ name: name ?? 'pasted', text }];
  const all = [...pasted, ...(files ?? [])];
  return { asked, files: all.map((file) => ({ name: file.name, content: Buffer.from(file.text, 'utf8') })) };
}

/** Fields are those of the JSON; every part with a file name is a file, whatever its field. Throws `invalid_request`. */
export async function readForm(form: FormData): Promise<Read> {
  const fields: Record<string, string> = {};
  const files: TextFile[] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value;
    else files.push({ name: value.name || name, content: Buffer.from(await value.arrayBuffer()) });
  }
  const { text, name, ...rest } = fields;
  if (text) files.unshift({ name: name ?? 'pasted', content: Buffer.from(text, 'utf8') });
  const parsed = askedSchema.safeParse(rest);
  if (!parsed.success) throw refused(parsed.error);
  if (files.length === 0)
    throw new AppError(
      'invalid_request',
      'There is no file in the form. Send at least one, or a field "text".',
    );
  if (files.length > FILES_MAX)
    throw new AppError(
      'invalid_request',
      `There are ${files.length} files; ${FILES_MAX} go in one request. Send fewer.`,
    );
  return { asked: parsed.data, files };
}

function refused(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): AppError {
  const problems = error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  return new AppError('invalid_request', `${problems.join('; ')}. The request is described at /docs.`);
}
