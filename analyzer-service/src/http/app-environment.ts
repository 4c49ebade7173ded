/** What Hono carries with each request. */
export interface AppEnvironment {
  Variables: { requestId: string };
}
