type Deletion = {
  readonly query: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly createdAtMs: number;
};

const DELETIONS_MAX = 1000;

/** What was deleted since the start of the process, newest last. */
export class Deletions {
  readonly #done: { readonly tenants: readonly string[]; readonly deletion: Deletion }[] = [];

  note(tenants: readonly string[], deletion: Deletion): void {
    this.#done.push({ tenants, deletion });
    if (this.#done.length > DELETIONS_MAX) this.#done.shift();
  }

  of(tenants: readonly string[]): unknown[] {
    return this.#done
      .filter((done) => done.tenants.some((tenant) => tenants.includes(tenant)))
      .map(({ deletion: { query, startNs, endNs, createdAtMs } }, index) => ({
        request_id: String(index),
        start_time: Number(startNs / 1_000_000_000n),
        end_time: Number(endNs / 1_000_000_000n),
        query,
        status: 'processed',
        created_at: createdAtMs / 1000,
      }));
  }
}
