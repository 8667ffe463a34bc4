import { PRIORITIES, type Priority } from '../../core/caller.ts';

/** Requests by priority. May be fractions: shares of a request add up over time. */
export type Amounts = Readonly<Record<Priority, number>>;

/** Amounts by client id. Work without a client, e.g. background tasks, has the id `''`. */
export type ByClient = ReadonlyMap<string, Amounts>;

export const amounts = (of: (priority: Priority) => number): Amounts => ({
  login: of('login'),
  interactive: of('interactive'),
  ordinary: of('ordinary'),
  batch: of('batch'),
});

export const NONE: Amounts = amounts(() => 0);

export const plus = (one: Amounts, other: Amounts): Amounts =>
  amounts((priority) => one[priority] + other[priority]);

export const totalOf = (some: Amounts): number =>
  PRIORITIES.reduce((sum, priority) => sum + some[priority], 0);

/** Adds up the amounts of several processes, by client. */
export function sumByClient(parts: readonly ByClient[]): Map<string, Amounts> {
  const sum = new Map<string, Amounts>();
  for (const part of parts)
    for (const [client, some] of part) sum.set(client, plus(sum.get(client) ?? NONE, some));
  return sum;
}
