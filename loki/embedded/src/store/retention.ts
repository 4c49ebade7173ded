import { bytesOf } from './segments.ts';
import type { Store } from './store.ts';

export type RetentionLimits = { readonly retentionMs: number; readonly retentionBytes: number };

/** Segments are this part of what is kept, so that removing one is no big step. */
const SEGMENT_SHARE = 8;

/** Removes what is older than the limit, and the oldest segments while the files take more than theirs. */
export async function applyRetention(store: Store, limits: RetentionLimits, nowMs: number): Promise<void> {
  const { retentionMs, retentionBytes } = limits;
  if (retentionMs > 0) await removeOld(store, retentionMs, nowMs);
  if (retentionBytes > 0) await removeOldest(store, retentionBytes);
}

async function removeOld(store: Store, retentionMs: number, nowMs: number): Promise<void> {
  const oldestNs = BigInt(nowMs - retentionMs) * 1_000_000n;
  const { current } = store.segments;
  if (
    current.lines > 0 &&
    (current.newestNs < oldestNs || nowMs - current.createdAtMs > retentionMs / SEGMENT_SHARE)
  )
    await store.rollOver();
  for (const segment of store.segments.all) {
    if (segment.lines === 0 || segment.oldestNs >= oldestNs) continue;
    if (segment.newestNs < oldestNs) await store.removeSegment(segment);
    else await store.removeBefore(segment, oldestNs);
  }
}

async function removeOldest(store: Store, retentionBytes: number): Promise<void> {
  const { current } = store.segments;
  if (current.lines > 0 && (await bytesOf(current)) > retentionBytes / SEGMENT_SHARE) await store.rollOver();
  while ((await store.segments.bytes()) > retentionBytes) {
    const [oldest] = store.segments.all;
    if (!oldest || oldest === store.segments.current) return;
    await store.removeSegment(oldest);
  }
}
