import { randomUUID } from 'node:crypto';
import { setImmediate as immediate } from 'node:timers/promises';
import { currentCaller, runForAll, type Priority } from '../../core/caller.ts';
import { sumByClient, type ByClient } from './amounts.ts';
import { askerOf, shareUsed } from './asker.ts';
import type { Answered, Exchange, Report } from './exchange.ts';
import { leaseOf } from './lease.ts';
import { createMeter, type Asker } from './meter.ts';
import { policyOf } from './policy.ts';
import { planRound, ROUND_MS, type Plan } from './round.ts';
import { createShareAlone } from './share-alone.ts';
import { createUntoldHolds } from './untold-holds.ts';
import { createUsage } from './usage.ts';

export interface BudgetOptions {
  readonly perMinute: number;
  readonly exchange: Exchange;
  readonly now?: () => number;
  /** Ends once the requests that came together have asked. Default: the next turn of the event loop. */
  readonly gather?: () => Promise<unknown>;
  /** How long a request waits for its turn before it is refused. Default: 1 s. */
  readonly waitMs?: number;
  readonly onUse?: (priority: Priority) => void;
  readonly onRefuse?: (priority: Priority) => void;
  readonly onFailure?: (error: unknown) => void;
  readonly onRound?: (level: number) => void;
  /** Called with the operations that WorkOS holds back in other processes. */
  readonly onHold?: (operation: string, ms: number) => void;
}

export interface BudgetView {
  /** Requests that may be made at once. Negative while logins have used more than there was. */
  readonly level: number;
  /** Requests of the last minute, by client and priority. */
  readonly used: ByClient;
  /** Requests per minute that a client may make now. */
  readonly shareOf: (clientId: string) => number;
  /** Operations that WorkOS holds back, and for how many ms. */
  readonly holds: ReadonlyMap<string, number>;
}

export type Budget = ReturnType<typeof createBudget>;

const WAIT_MS = 1_000;
/** The pause between rounds while nothing is asked, and while urgent work waits. */
const IDLE_ROUND_MS = 500;
const SHORT_ROUND_MS = 25;

/**
 * The budget of requests to WorkOS that all processes share. Each leases requests in rounds and hands
 * them out to its clients. A login never waits: what it uses is taken from the next lease.
 */
export function createBudget(options: BudgetOptions) {
  const { perMinute, exchange, now = () => performance.now(), waitMs = WAIT_MS } = options;
  const { gather = () => immediate() } = options;
  const id = randomUUID();
  const policy = policyOf(perMinute);
  const usage = createUsage();
  const meter = createMeter({
    whole: { perSecond: Infinity, perMinute },
    onUse(asker) {
      usage.count(asker, now());
      options.onUse?.(asker.priority);
    },
  });
  const untold = createUntoldHolds(now);
  let answered: Answered = { level: policy.burst, processes: [], granted: 0, holds: new Map() };
  // Before the first round nothing is known of the others.
  const alone = createShareAlone(policy.perSecond / 10, now);
  let shareOf: Plan['shareOf'] = () => ({ perSecond: Infinity, perMinute });
  let metAt = now();
  let asked = false;
  let hasFailed = false;
  let hasLeft = false;
  let meeting: Promise<void> | undefined;
  let passedAt = now();

  const reportOf = (plan: Plan, wants: ByClient): Report => {
    const take = leaseOf(plan, meter.pool(), meter.isWaitedFor());
    // Given back before it is known whether the others heard of it, so that nothing is used twice.
    if (take.login < 0) meter.add(take.login);
    return {
      id,
      policy,
      take,
      share: alone.perSecond(),
      wants,
      used: usage.toTell(now()),
      holds: untold.left(),
    };
  };
  const round = async (): Promise<void> => {
    const elapsedMs = now() - metAt;
    const wants = meter.wants(elapsedMs, ROUND_MS);
    metAt = now();
    asked = false;
    const plan = planRound({ policy, id, wants, elapsedMs, fleet: answered });
    alone.follow(plan.share);
    shareOf = plan.shareOf;
    meter.setShares(plan.shareOf, plan.ready);
    const report = reportOf(plan, wants);
    const haveHeard = untold.tell();
    answered = await exchange.meet(report);
    alone.heard();
    haveHeard();
    hasFailed = false;
    for (const [operation, ms] of answered.holds) options.onHold?.(operation, ms);
    options.onRound?.(answered.level);
    meter.add(answered.granted);
  };
  const meet = (): void => {
    // The others would take this process for one that is out of reach, and leave it its share for a minute.
    if (hasLeft) return;
    // The database gives it a session before other work, because all of it needs requests.
    meeting ??= runForAll(() => gather().then(round))
      .catch((error: unknown) => {
        hasFailed = true;
        options.onFailure?.(error);
      })
      .finally(() => (meeting = undefined));
  };
  const pauseMs = (): number => {
    if (!hasFailed && (!untold.isEmpty() || meter.isShort())) return SHORT_ROUND_MS;
    return asked ? ROUND_MS : IDLE_ROUND_MS;
  };
  const meetIfDue = (): void => {
    const passed = now() - metAt;
    if (passed >= SHORT_ROUND_MS && passed >= pauseMs()) meet();
  };

  const wait = (asker: Asker): Promise<void> =>
    new Promise((resolve, reject) => {
      const refuse = (): void => {
        options.onRefuse?.(asker.priority);
        reject(shareUsed(meter.shareOf(asker.clientId), meter.waitingOf(asker.clientId)));
      };
      const until = now() + waitMs;
      const { priority } = asker;
      const waiter = { priority, until, admit: resolve, refuse };
      if (!hasLeft && meter.wait(asker.clientId, waiter)) meetIfDue();
      else refuse();
    });
  const tryTake = (asker: Asker): boolean => {
    asked = true;
    return meter.tryTake(asker);
  };

  return {
    id,
    perMinute,

    /** Waits up to 1 s for a request of the current caller. @throws Problem `workos-share-used` */
    async take(): Promise<void> {
      const asker = askerOf(currentCaller());
      if (!tryTake(asker)) await wait(asker);
    },

    /** Takes a request if there is one now, e.g. for a retry. */
    tryTake: (): boolean => tryTake(askerOf(currentCaller())),

    /** Gives back a request that was not made. */
    giveBack: meter.giveBack,

    /** Tells the other processes that WorkOS holds an operation back. */
    hold(operation: string, ms: number): void {
      untold.add(operation, ms);
      meet();
    },

    /** Moves time on. Call it about every 25 ms. */
    pulse(): void {
      const seconds = (now() - passedAt) / 1_000;
      passedAt = now();
      meter.add(alone.earned(seconds, meter.pool()));
      meter.pass(now(), seconds);
      meetIfDue();
    },

    /** How many processes share the budget. */
    processes: (): number => answered.processes.length + 1,

    /** What is left, who uses it, and what WorkOS holds back, as of the last round. */
    view: (): BudgetView => ({
      level: answered.level,
      used: sumByClient([usage.lastMinute(now()), ...answered.processes.map(({ used }) => used)]),
      shareOf: (clientId) => shareOf(clientId).perMinute,
      holds: new Map([...answered.holds, ...untold.left()]),
    }),

    /** Refuses what waits, gives back what is left, and meets the others no more. */
    async leave(): Promise<void> {
      hasLeft = true;
      await meeting;
      meter.pass(Infinity, 0);
      const left = Math.max(0, meter.pool());
      meter.add(-left);
      await exchange.leave(id, left, policy.burst);
    },
  };
}
