import { UsageError } from './arguments.ts';

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads `90m`, `24h`, `7d`, or a time with an offset or only a date. @throws UsageError, also for a time to come */
export function sinceOf(text: string): Date {
  const time = durationBefore(text) ?? isoTime(text);
  if (time === undefined)
    throw new UsageError('--since must be a time such as 2030-01-31T12:00:00Z, or 90m, 24h, 7d');
  if (time > Date.now()) throw new UsageError('--since must not be in the future');
  return new Date(time);
}

function durationBefore(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  return count === undefined ? undefined : Date.now() - Number(count) * (UNITS[unit] ?? 0);
}

function isoTime(text: string): number | undefined {
  const time = Date.parse(text);
  return /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) && !Number.isNaN(time)
    ? time
    : undefined;
}
