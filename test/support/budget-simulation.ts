import { runAs, type Priority } from '../../src/core/caller.ts';
import { createBudget, type Budget } from '../../src/workos/budget/budget.ts';
import { createLedger } from './budget-ledger.ts';

/** A client that asks at random times, on average `perSecond` times, on each replica that it uses. */
export interface SimulatedClient {
  readonly id: string;
  readonly priority: Priority;
  readonly perSecond: number;
  /** Set if it asks for as many at once after each pause of this length. */
  readonly everyMs?: number;
  /** Default: all. */
  readonly replicas?: readonly number[];
}

export interface Simulated {
  /** Requests that were let through, per second of virtual time. */
  readonly perSecond: readonly number[];
  readonly used: ReadonlyMap<string, number>;
  readonly asked: ReadonlyMap<string, number>;
  /** How long the admitted requests of each client waited, in ms. */
  readonly waits: ReadonlyMap<string, readonly number[]>;
}

export interface World {
  /** In ms, virtual. */
  readonly at: number;
  isAway(replica: number, away: boolean): void;
  start(): void;
  /** Ends a replica; with `crash` it says nothing to the others. */
  end(replica: number, how: 'leave' | 'crash'): void;
}

export interface SimulationOptions {
  readonly perMinute?: number;
  readonly replicas?: number;
  readonly seconds: number;
  readonly clients: readonly SimulatedClient[];
  /** Called every 12.5 ms, to change something. */
  readonly meanwhile?: (world: World) => void;
  /** Nobody asks before. */
  readonly quietUntilMs?: number;
}

const STEP_MS = 12.5;
const PULSE_MS = 25;

/** Runs the production code of the budget on several replicas, on a clock of its own. */
export async function simulate({
  perMinute = 6_000,
  replicas = 3,
  seconds,
  clients,
  meanwhile,
  quietUntilMs = 0,
}: SimulationOptions): Promise<Simulated> {
  let at = 0;
  const random = randomFrom(42);
  const ledger = createLedger(() => at);
  const away = new Set<number>();
  const running: (Budget | undefined)[] = [];
  const perSecond: number[] = [];
  const used = new Map<string, number>();
  const asked = new Map<string, number>();
  const waits = new Map<string, number[]>();
  const start = (): void => {
    const index = running.length;
    const { exchange } = ledger;
    running.push(
      createBudget({
        perMinute,
        now: () => at,
        // The event loop has no part in virtual time.
        gather: () => Promise.resolve(),
        exchange: {
          ...exchange,
          meet: (report) =>
            away.has(index) ? Promise.reject(new Error('away')) : exchange.meet(report),
        },
      }),
    );
  };
  const count = (client: string, since: number): void => {
    const second = Math.floor(at / 1_000);
    perSecond[second] = (perSecond[second] ?? 0) + 1;
    used.set(client, (used.get(client) ?? 0) + 1);
    const waited = waits.get(client) ?? [];
    waited.push(at - since);
    waits.set(client, waited);
  };
  const ask = ({ id, priority }: SimulatedClient, budget: Budget): void => {
    const since = at;
    asked.set(id, (asked.get(id) ?? 0) + 1);
    void runAs({ clientId: id, priority }, () => budget.take()).then(
      () => count(id, since),
      () => undefined,
    );
  };
  const world: World = {
    get at() {
      return at;
    },
    isAway(replica, isAway) {
      if (isAway) away.add(replica);
      else away.delete(replica);
    },
    start,
    end(replica, how) {
      if (how === 'leave') running[replica]?.leave().catch(fail);
      running[replica] = undefined;
    },
  };

  while (running.length < replicas) start();
  for (; at < seconds * 1_000; at += STEP_MS) {
    meanwhile?.(world);
    for (const client of at < quietUntilMs ? [] : clients)
      for (const [index, budget] of running.entries()) {
        if (!budget || (client.replicas && !client.replicas.includes(index))) continue;
        for (let n = countOf(client, at, random); n > 0; n -= 1) ask(client, budget);
      }
    // The replicas are out of step with each other.
    for (const [index, budget] of running.entries())
      if ((at + index * STEP_MS) % PULSE_MS === 0) budget?.pulse();
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  }
  return {
    perSecond: Array.from({ length: seconds }, (_, n) => perSecond[n] ?? 0),
    used,
    asked,
    waits,
  };
}

/** Returns how many requests a client makes in a step. */
function countOf(
  { perSecond, everyMs }: SimulatedClient,
  at: number,
  random: () => number,
): number {
  if (everyMs === undefined) return poisson((perSecond * STEP_MS) / 1_000, random);
  return at % everyMs === 0 ? Math.round((perSecond * everyMs) / 1_000) : 0;
}

const fail = (error: unknown): never => {
  throw error;
};

/** Sums of all minutes, one beginning at each second. */
export const minutesOf = ({ perSecond }: Simulated): number[] =>
  Array.from({ length: Math.max(0, perSecond.length - 59) }, (_, from) =>
    perSecond.slice(from, from + 60).reduce((sum, one) => sum + one, 0),
  );

/** Jain's fairness index: 1 when all are equal, 1/n when one has everything. */
export function jain(values: readonly number[]): number {
  const sum = values.reduce((total, one) => total + one, 0);
  return sum ** 2 / (values.length * values.reduce((total, one) => total + one ** 2, 0));
}

export const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ??
  0;

/** A small generator of the same numbers each time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function poisson(mean: number, random: () => number): number {
  const limit = Math.exp(-mean);
  let product = random();
  let count = 0;
  while (product > limit) {
    count += 1;
    product *= random();
  }
  return count;
}
