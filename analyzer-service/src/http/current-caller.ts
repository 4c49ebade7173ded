import { AsyncLocalStorage } from 'node:async_hooks';

const callers = new AsyncLocalStorage<string>();

/** For all that `work` does, also later, `currentCaller` is `id`: so that what it costs is counted without every layer passing it on. */
export function actingFor<T>(id: string, work: () => T): T {
  return callers.run(id, work);
}

/** Id of the API key for which this is done; null where nobody waits for it, as in a background job. */
export function currentCaller(): string | null {
  return callers.getStore() ?? null;
}
