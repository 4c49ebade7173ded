import type { Caller } from './access.ts';

/** What Hono carries with each request; who calls is known behind `checkAccess`. */
export interface AppEnvironment {
  Variables: { requestId: string; caller: Caller };
}
