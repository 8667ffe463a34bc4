import { PRIORITIES, type Priority } from '../../core/caller.ts';
import { amounts, NONE, totalOf, type Amounts } from './amounts.ts';

/** A request that waits for its turn. */
export interface Waiter {
  readonly priority: Priority;
  /** When it is refused, in ms of the meter's clock. */
  readonly until: number;
  admit(): void;
  refuse(): void;
}

/** The share of a client, as the last round set it. */
export interface Share {
  /** Requests per second in this process. Infinity while the budget is enough for everybody. */
  readonly perSecond: number;
  /** Requests per minute in all processes. */
  readonly perMinute: number;
  /** The client wants more than its share. */
  readonly isUsedUp?: boolean;
}

/** More waiting requests of one client are refused at once. */
const MOST_WAITING = 500;
/** Older demand counts less: half of it after 400 ms. */
const HALF_LIFE_MS = 400;
/** Requests that a client may save up, so that a few at once are within the share of one who seldom asks. */
const SAVED = 4;
const BELOW_ONE = 0.99;
/** A client that had to wait may want more than it could show, so that it is offered more each round. */
const GROWTH = { satisfied: 1.25, waiting: 2 } as const;

export type Account = ReturnType<typeof createAccount>;

/** One client in one process: what it asked for, what waits, and whether it is within its share. */
export function createAccount(whole: Share) {
  const queues: Record<Priority, Waiter[]> = {
    login: [],
    interactive: [],
    ordinary: [],
    batch: [],
  };
  let arrived: Record<Priority, number> = { ...NONE };
  let recent: Amounts = NONE;
  let share = whole;
  let credit = SAVED;
  let waiting = 0;

  /**
   * A client that wants more than its share saves up nothing beyond one request, but keeps what it has. It
   * would use just what it earns, and so seem to be below its share for ever.
   */
  const most = (): number => {
    if (share.isUsedUp) return Math.max(BELOW_ONE, credit);
    return share.perSecond === Infinity ? SAVED : Math.max(SAVED, share.perSecond * 2);
  };
  /** A client may save up two seconds of its share, and overdraw one second. */
  const setCredit = (value: number): void => {
    const { perSecond } = share;
    credit =
      perSecond === Infinity ? SAVED : Math.min(most(), Math.max(value, -Math.max(1, perSecond)));
  };
  const mostUrgent = (): Priority | undefined =>
    PRIORITIES.find((priority) => queues[priority].length > 0);

  return {
    mostUrgent,
    get share(): Share {
      return share;
    },
    setShare(next: Share): void {
      share = next;
      setCredit(credit);
    },
    /** How far the client is below its share, in requests. Orders the clients that wait. */
    get credit(): number {
      return credit;
    },
    earn(seconds: number): void {
      setCredit(credit + Math.min(share.perSecond, 1e6) * seconds);
    },
    spend(): void {
      setCredit(credit - 1);
    },
    arrive(priority: Priority): void {
      arrived[priority] += 1;
    },
    /** Returns false if too many requests of this client wait already. */
    add(waiter: Waiter): boolean {
      if (waiting >= MOST_WAITING) return false;
      waiting += 1;
      queues[waiter.priority].push(waiter);
      return true;
    },
    /** Removes the waiter that is most urgent and has waited longest. */
    next(): Waiter | undefined {
      const priority = mostUrgent();
      if (!priority) return undefined;
      waiting -= 1;
      return queues[priority].shift();
    },
    /** Removes the waiters whose time is over. */
    expired(now: number): Waiter[] {
      const expired: Waiter[] = [];
      for (const priority of PRIORITIES) {
        const queue = queues[priority];
        while (queue[0] && queue[0].until <= now) expired.push(...queue.splice(0, 1));
      }
      waiting -= expired.length;
      return expired;
    },
    waiting: (): number => waiting,

    /**
     * Returns the requests that the client will want in a round: those that wait, and as many new ones as lately. While
     * there is enough for everybody, at least as many as just came. Otherwise, a client that asks now and then would
     * seem to want more than its share. Call it once a round.
     */
    wants(elapsedMs: number, roundMs: number): Amounts {
      const decay = 0.5 ** (elapsedMs / HALF_LIFE_MS);
      const perRound = roundMs / Math.max(elapsedMs, 1);
      recent = amounts((priority) => {
        const average = recent[priority] * decay + arrived[priority] * perRound * (1 - decay);
        const justCame =
          share.perSecond === Infinity ? arrived[priority] * Math.min(perRound, 1) : 0;
        return faded(Math.max(average, justCame));
      });
      arrived = { ...NONE };
      return amounts((priority) => {
        const waits = queues[priority].length;
        return waits + recent[priority] * (waits > 0 ? GROWTH.waiting : GROWTH.satisfied);
      });
    },
    /** True if nothing was asked lately and all is saved up, so that the account may be forgotten: a new one is the same. */
    isIdle: (): boolean =>
      credit >= Math.max(SAVED, most()) && waiting + totalOf(recent) + totalOf(arrived) === 0,
  };
}

/** Treats what is left of an old want as none. */
const faded = (amount: number): number => (amount < 0.02 ? 0 : amount);
