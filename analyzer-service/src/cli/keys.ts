import { type Command, Option } from 'commander';
import { type OpenDatabase, openDatabase } from '../adapters/database/open-database.ts';
import { readConfig } from '../config.ts';
import { ROLES, type Role } from '../database.ts';
import { AppError } from '../errors.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../features/access/api-keys.ts';
import { dayOf, UsageBook } from '../features/model-use/usage-book.ts';
import { printable } from './terminal.ts';

interface KeysOptions {
  readonly data?: string;
}

const NAME_LENGTH_MAX = 100;
const USAGE_DAYS = 30;

/** `sonde keys`: who may call the API. Works on the database itself, whether the service runs or not. */
export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('API keys: as soon as one exists, every call takes one');
  keys
    .command('create')
    .description('make a key and print it, once')
    .requiredOption('--name <name>', 'what it is for', parseName)
    .addOption(
      new Option('--role <role>', 'viewer reads, analyst also changes, admin also administers')
        .choices(ROLES)
        .default('viewer'),
    )
    .option('--data <folder>', 'folder of the embedded database (DATA_DIR)')
    .action(async ({ name, role, data }: KeysOptions & { readonly name: string; readonly role: Role }) => {
      const { id, key } = await withDatabase(data, ({ db }) => createApiKey(db, { name, role }, change()));
      process.stderr.write(`Key ${id} for ${role}s. Keep it now: it is not shown again.\n`);
      process.stdout.write(`${key}\n`);
    });
  keys
    .command('list')
    .description('all keys, also those revoked, and what they had models do')
    .option('--json', 'print as JSON')
    .option('--data <folder>', 'folder of the embedded database (DATA_DIR)')
    .action(async ({ json, data }: KeysOptions & { readonly json?: true }) => {
      const rows = await withDatabase(data, listKeys);
      const lines = rows.map(({ id, role, name, created, revoked, model_requests, model_tokens }) =>
        [
          id,
          role.padEnd(7),
          created,
          (revoked ?? 'in use').padEnd(created.length),
          `${model_requests} requests of ${model_tokens} tokens to models in ${USAGE_DAYS} days`,
          printable(name),
        ].join('  '),
      );
      process.stdout.write(
        json ? `${JSON.stringify(rows, null, 2)}\n` : lines.map((line) => `${line}\n`).join(''),
      );
    });
  keys
    .command('revoke')
    .description('end a key; running services refuse it within a second')
    .argument('<id>', 'as "sonde keys list" shows it')
    .option('--data <folder>', 'folder of the embedded database (DATA_DIR)')
    .action(async (id: string, { data }: KeysOptions) => {
      await withDatabase(data, ({ db }) => revokeApiKey(db, id, change()));
      process.stderr.write(`Key ${id} is revoked.\n`);
    });
}

async function listKeys({ db }: OpenDatabase) {
  const sinceMs = dayOf(Date.now()) - (USAGE_DAYS - 1) * 24 * 3_600_000;
  const used = await new UsageBook(db, () => undefined).byCaller(sinceMs);
  return (await listApiKeys(db)).map(({ id, name, role, created_ms, revoked_ms }) => ({
    id,
    role,
    name,
    created: new Date(created_ms).toISOString(),
    revoked: revoked_ms === null ? null : new Date(revoked_ms).toISOString(),
    model_requests: used.get(id)?.requests ?? 0,
    model_tokens: used.get(id)?.tokens ?? 0,
  }));
}

function change(): { readonly actor: string; readonly nowMs: number } {
  return { actor: 'sonde keys', nowMs: Date.now() };
}

async function withDatabase<T>(
  data: string | undefined,
  use: (open: OpenDatabase) => Promise<T>,
): Promise<T> {
  const config = readConfig(data === undefined ? process.env : { ...process.env, DATA_DIR: data });
  const open = await openDatabase({
    url: config.DATABASE_URL,
    dataDir: config.DATA_DIR,
    connectionsMax: 1,
    timeoutMs: config.DATABASE_TIMEOUT_MS,
    onLost: () => undefined,
  });
  try {
    return await use(open);
  } finally {
    await open.close();
  }
}

function parseName(text: string): string {
  if (text.trim().length > 0 && text.length <= NAME_LENGTH_MAX) return text.trim();
  throw new AppError('invalid_request', `Give a name of 1 to ${NAME_LENGTH_MAX} characters with --name.`);
}
