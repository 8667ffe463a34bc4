import {
  amounts,
  NONE,
  plus,
  sumByClient,
  totalOf,
  type Amounts,
  type ByClient,
} from './amounts.ts';
import type { Share } from './account.ts';
import { allocate, partOf, type Supply } from './allocation.ts';
import type { Policy } from './policy.ts';

/** How often a process leases requests. */
export const ROUND_MS = 250;
/** A process that was not heard of for this long makes requests at its last share. */
export const ALONE_AFTER_MS = 750;
/** After this long it is taken for dead, and the others use its share. */
export const FORGOTTEN_AFTER_MS = 60_750;

/** The knowledge that all processes share after a round. */
export interface Fleet {
  /** Requests saved up, after the round's own lease. */
  readonly level: number;
  readonly processes: readonly FleetProcess[];
}

export interface FleetProcess {
  readonly id: string;
  readonly ageMs: number;
  /** Requests per second that it makes while it cannot reach the database. */
  readonly share: number;
  readonly wants: ByClient;
  /** Requests within the last minute. */
  readonly used: ByClient;
}

export interface Plan {
  /** Requests that this process should lease, by priority. */
  readonly mine: Amounts;
  /** Requests per second that this process goes on making while it is alone. */
  readonly share: number;
  /** Requests to keep ready. */
  readonly ready: number;
  readonly shareOf: (clientId: string) => Share;
}

export interface PlanInput {
  readonly policy: Policy;
  readonly id: string;
  readonly wants: ByClient;
  /** Since the last round, which may have been a short one. */
  readonly elapsedMs: number;
  /** The state after the last round. */
  readonly fleet: Fleet;
}

/** Plans the next round from what this process wants and what it knows of the others. */
export function planRound({ policy, id, wants, elapsedMs, fleet }: PlanInput): Plan {
  const others = fleet.processes.filter((process) => process.id !== id);
  const live = others.filter(({ ageMs }) => ageMs < ALONE_AFTER_MS);
  const supply = supplyOf(policy, fleet.level, heldByAbsent(others));
  const all = sumByClient([wants, ...live.map((process) => process.wants)]);
  const { given, fairAmount } = allocate(all, supply);
  const processes = live.length + 1;

  const own = new Map<string, Amounts>();
  for (const [clientId, wanted] of wants)
    own.set(clientId, partOf(given.get(clientId) ?? NONE, wanted, all.get(clientId) ?? NONE));
  const mine = [...own.values()].reduce(plus, NONE);
  // While there is not enough for all, a process that asks more often must not get more.
  const part = fairAmount === Infinity ? 1 : Math.min(1, elapsedMs / ROUND_MS);
  return {
    mine: amounts((priority) => mine[priority] * part),
    share: shareAlone(policy, {
      mine: totalOf(mine),
      all: [...given.values()].reduce((sum, one) => sum + totalOf(one), 0),
      flow: supply.flow,
      processes,
    }),
    ready: Math.min(8, Math.floor(policy.ready / processes)),
    shareOf: shares(policy, { own, given, fairAmount, all, processes }),
  };
}

/** Requests per second that are kept for processes that are not heard of, and may still make them. */
const heldByAbsent = (others: readonly FleetProcess[]): number =>
  others
    .filter(({ ageMs }) => ageMs >= ALONE_AFTER_MS && ageMs < FORGOTTEN_AFTER_MS)
    .reduce((sum, { share }) => sum + share, 0);

function supplyOf({ perSecond, floors }: Policy, level: number, held: number): Supply {
  const inRound = (Math.max(0, perSecond - held) * ROUND_MS) / 1_000;
  const over = (floor: number): number => Math.max(0, level - floor);
  return {
    // What logins have overdrawn is paid back first.
    flow: Math.max(0, inRound + Math.min(0, level)),
    stock: amounts((priority) => (priority === 'login' ? 0 : over(floors[priority]))),
  };
}

interface Parts {
  readonly mine: number;
  readonly all: number;
  readonly flow: number;
  readonly processes: number;
}

/** The shares of all processes add up to what there is: each gets its part, and an even part of the rest. */
function shareAlone({ perSecond }: Policy, { mine, all, flow, processes }: Parts): number {
  const spare = Math.max(0, flow - all);
  const whole = all + spare;
  return whole > 0 ? (perSecond * (mine + spare / processes)) / whole : perSecond / processes;
}

interface Given {
  readonly own: ByClient;
  readonly given: ByClient;
  readonly fairAmount: number;
  readonly all: ByClient;
  readonly processes: number;
}

/**
 * A client that got all it wants may use as much as the one that got most, in each process in which it asks. In the
 * others it earns a part of that: otherwise, one that pauses would save up its share in every process.
 */
function shares(
  { perMinute }: Policy,
  { own, given, fairAmount, all, processes }: Given,
): Plan['shareOf'] {
  const perSecond = 1_000 / ROUND_MS;
  return (clientId) => {
    if (fairAmount === Infinity) return { perSecond: Infinity, perMinute };
    const wanted = totalOf(all.get(clientId) ?? NONE);
    const got = totalOf(given.get(clientId) ?? NONE);
    const isSatisfied = wanted - got < 1e-9;
    const whole = isSatisfied ? Math.max(fairAmount, got) : got;
    const gotHere = totalOf(own.get(clientId) ?? NONE);
    const ifSatisfied = gotHere > 0 ? whole : whole / processes;
    return {
      perSecond: (isSatisfied ? ifSatisfied : gotHere) * perSecond,
      perMinute: Math.min(perMinute, whole * perSecond * 60),
      isUsedUp: !isSatisfied,
    };
  };
}
