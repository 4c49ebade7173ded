/** A point in time with the zone in which it is written. */
export type Instant = { readonly unixNs: bigint; readonly zone: string };

export const floorDivide = (value: bigint, by: bigint): bigint => (value - (((value % by) + by) % by)) / by;

/** An instant as Go prints one: `2026-11-20 10:00:00.151 +0000 UTC`. */
export function printInstant({ unixNs, zone }: Instant): string {
  const date = new Date(Number(floorDivide(unixNs, 1_000_000n)));
  const offset = zoneOffsetMinutes(date, zone);
  const local = new Date(date.getTime() + offset * 60_000).toISOString();
  const ns = unixNs - floorDivide(unixNs, 1_000_000_000n) * 1_000_000_000n;
  const fraction = ns === 0n ? '' : `.${String(ns).padStart(9, '0').replace(/0+$/, '')}`;
  const size = Math.abs(offset);
  const hours = String(Math.floor(size / 60)).padStart(2, '0');
  const shift = `${offset < 0 ? '-' : '+'}${hours}${String(size % 60).padStart(2, '0')}`;
  return `${local.slice(0, 10)} ${local.slice(11, 19)}${fraction} ${shift} ${offset === 0 ? 'UTC' : shift}`;
}

/** Minutes east of UTC at an instant; an unknown zone counts as UTC. */
export function zoneOffsetMinutes(date: Date, zone: string): number {
  if (zone === 'UTC' || zone === '') return 0;
  try {
    const parts = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      timeZoneName: 'longOffset',
    }).formatToParts(date);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const match = /GMT([+-])(\d+):(\d+)/.exec(name);
    return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
  } catch {
    return 0;
  }
}
