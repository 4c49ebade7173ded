import { type DatabaseOptions, openDatabase } from '../adapters/database/open-database.ts';

// A process that opens a database and writes to it, for tests with several at once: OPTIONS NAME LINES

const [options = '', name = '', lines = ''] = process.argv.slice(2);
const database = await openDatabase({
  ...(JSON.parse(options) as DatabaseOptions),
  onLost: () => undefined,
});
for (let index = 0; index < Number(lines); index++) {
  const row = { id: `${name}-${index}`, time_ms: index, actor: name, action: 'write', target: 'test' };
  await database.db.insertInto('audit_log').values(row).execute();
}
await database.close();
process.disconnect();
