import { startService } from '../main.ts';
import { readConfig } from '../config.ts';

// A service that tells its parent its address, for tests that kill it: SETTINGS

const service = await startService(readConfig(JSON.parse(process.argv[2] ?? '') as NodeJS.ProcessEnv));
process.send?.(service.url);
