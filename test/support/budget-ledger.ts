import type { Answered, Exchange, Report } from '../../src/workos/budget/exchange.ts';
import {
  ALONE_AFTER_MS,
  FORGOTTEN_AFTER_MS,
  type FleetProcess,
} from '../../src/workos/budget/round.ts';

export interface Ledger {
  readonly exchange: Exchange;
  /** While true, nobody can reach the ledger. */
  isAway: boolean;
}

/** What the statement in `upstream-budget/store.ts` does, in memory and on any clock. A test compares both. */
export function createLedger(now: () => number): Ledger {
  let level: number | undefined;
  let updatedAt = now();
  const processes = new Map<string, Omit<FleetProcess, 'ageMs'> & { seenAt: number }>();
  const holds = new Map<string, number>();

  const heldByAbsent = (): number =>
    [...processes.values()].reduce((sum, { share, seenAt }) => {
      const from = Math.max(updatedAt, seenAt + ALONE_AFTER_MS);
      const to = Math.min(now(), seenAt + FORGOTTEN_AFTER_MS);
      return sum + (share * Math.max(0, to - from)) / 1_000;
    }, 0);

  const meet = ({ id, policy, take, share, wants, used, holds: heard }: Report): Answered => {
    const { perSecond, burst, floors, mostDebt } = policy;
    const grown = ((now() - updatedAt) / 1_000) * perSecond - heldByAbsent();
    const filled = Math.min(burst, (level ?? burst) + Math.max(0, grown));
    let left = Math.max(-mostDebt, Math.min(burst, filled - take.login));
    let granted = take.login;
    for (const priority of ['interactive', 'ordinary', 'batch'] as const) {
      const part = Math.min(take[priority], Math.max(0, left - floors[priority]));
      left -= part;
      granted += part;
    }
    level = left;
    updatedAt = now();
    const before = processes.get(id);
    processes.set(id, { id, seenAt: now(), share, wants, used: used ?? before?.used ?? new Map() });
    for (const [name, { seenAt }] of processes)
      if (now() - seenAt > FORGOTTEN_AFTER_MS) processes.delete(name);
    for (const [operation, ms] of heard)
      holds.set(operation, Math.max(holds.get(operation) ?? 0, now() + ms));
    return {
      level,
      granted: Math.max(0, granted),
      processes: [...processes.values()].map(({ seenAt, ...one }) => ({
        ...one,
        ageMs: now() - seenAt,
      })),
      holds: new Map(
        [...holds]
          .filter(([, until]) => until > now())
          .map(([name, until]) => [name, until - now()]),
      ),
    };
  };

  const ledger: Ledger = {
    isAway: false,
    exchange: {
      meet: (report) =>
        ledger.isAway ? Promise.reject(new Error('away')) : Promise.resolve(meet(report)),
      leave(id, left, burst) {
        level = Math.min(burst, (level ?? burst) + left);
        processes.delete(id);
        return Promise.resolve();
      },
    },
  };
  return ledger;
}
