import type { Amounts, ByClient } from './amounts.ts';
import type { Policy } from './policy.ts';
import type { Fleet } from './round.ts';

/** A process tells the others this in a round, with what it leases. */
export interface Report {
  readonly id: string;
  readonly policy: Policy;
  /** Requests to lease. Logins have made theirs already; a negative number gives requests back. */
  readonly take: Amounts;
  readonly share: number;
  readonly wants: ByClient;
  /** Undefined if it has hardly changed. */
  readonly used: ByClient | undefined;
  /** Operations that WorkOS holds back, and for how many ms. */
  readonly holds: ReadonlyMap<string, number>;
}

/** The answer of a round. */
export interface Answered extends Fleet {
  /** Requests leased: at most `take`, less than that if there were too few. */
  readonly granted: number;
  readonly holds: ReadonlyMap<string, number>;
}

/** Exchanges a report for what the other processes reported. */
export interface Exchange {
  meet(report: Report): Promise<Answered>;
  /** Gives back what is left, when the process ends. */
  leave(id: string, left: number, burst: number): Promise<void>;
}
