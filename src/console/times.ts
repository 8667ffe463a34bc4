/** Times as operators read them: how long ago, and in UTC, as in the logs. */

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** E.g. `3 minutes ago`, `in 2 hours`, `now`. */
export function relativeTime(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1_000);
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  if (!unit) return 'now';
  const [name, size] = unit;
  const count = Math.floor(Math.abs(seconds) / size);
  const span = `${count} ${name}${count === 1 ? '' : 's'}`;
  return seconds < 0 ? `${span} ago` : `in ${span}`;
}

/** E.g. `2026-11-28 22:33:05`. */
export const utcTime = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ');
