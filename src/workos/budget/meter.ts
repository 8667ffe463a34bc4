import type { Priority } from '../../core/caller.ts';
import { createAccount, type Account, type Share, type Waiter } from './account.ts';
import { totalOf, type Amounts } from './amounts.ts';

/** The client that asks, and how urgent its work is. */
export interface Asker {
  readonly clientId: string;
  readonly priority: Priority;
}

interface MeterOptions {
  /** The share of a client that is alone. */
  readonly whole: Share;
  readonly onUse: (asker: Asker) => void;
}

/**
 * Hands out the requests that this process may make, which a round with the other processes has
 * leased. A client below its share is served at once, also from what is kept ready; of the others,
 * the one furthest below its share is served first. Keeps no clock: `pass` moves its time.
 */
export function createMeter({ whole, onUse }: MeterOptions) {
  const accounts = new Map<string, Account>();
  const waiting = new Map<Account, string>();
  /** Requests that may be made now. Negative after logins that found none. */
  let pool = 0;
  /** The part of the pool that is kept ready for work below its share. */
  let ready = 0;

  const accountOf = (clientId: string): Account => {
    const account = accounts.get(clientId) ?? createAccount(whole);
    accounts.set(clientId, account);
    return account;
  };
  /** The part of the pool that this request must leave. */
  const floor = (priority: Priority, { credit }: Account): number => {
    if (priority === 'login') return -Infinity;
    if (credit < 1) return ready;
    return { interactive: 0, ordinary: ready / 4, batch: ready / 2 }[priority];
  };
  const fits = (priority: Priority, account: Account): boolean =>
    pool - 1 >= floor(priority, account);
  const use = (account: Account, asker: Asker): void => {
    pool -= 1;
    account.spend();
    onUse(asker);
  };
  /** Of the clients whose request fits, returns the one furthest below its share. */
  const nextToServe = (): Account | undefined => {
    let best: Account | undefined;
    for (const account of waiting.keys()) {
      const priority = account.mostUrgent();
      const isFirst = best === undefined || account.credit > best.credit;
      if (priority && isFirst && fits(priority, account)) best = account;
    }
    return best;
  };
  const serve = (): void => {
    for (let account = nextToServe(); account; account = nextToServe()) {
      const clientId = waiting.get(account) ?? '';
      const waiter = account.next();
      if (account.waiting() === 0) waiting.delete(account);
      if (!waiter) return;
      use(account, { clientId, priority: waiter.priority });
      waiter.admit();
    }
  };

  return {
    /** Uses one request if there is one for this client and nobody is to be served before it. */
    tryTake(asker: Asker): boolean {
      const account = accountOf(asker.clientId);
      account.arrive(asker.priority);
      const isFirst = asker.priority === 'login' || waiting.size === 0 || account.credit >= 1;
      if (!isFirst || !fits(asker.priority, account)) return false;
      use(account, asker);
      return true;
    },

    /** Gives back a request that was not made. */
    giveBack(): void {
      pool += 1;
      serve();
    },

    /** Lets a request wait for its turn. Returns false if too many of its client wait. */
    wait(clientId: string, waiter: Waiter): boolean {
      const account = accountOf(clientId);
      if (!account.add(waiter)) return false;
      waiting.set(account, clientId);
      return true;
    },

    /** True if work waits that should not have to, because it is urgent or below its share. */
    isShort(): boolean {
      for (const account of waiting.keys())
        if (account.credit >= 1 || account.mostUrgent() === 'interactive') return true;
      return false;
    },

    /** Time passes: shares grow, waiters whose time is over are refused, others are served. */
    pass(now: number, seconds: number): void {
      for (const account of accounts.values()) account.earn(seconds);
      for (const account of waiting.keys()) {
        for (const waiter of account.expired(now)) waiter.refuse();
        if (account.waiting() === 0) waiting.delete(account);
      }
      serve();
    },

    /** Estimates the wants of each client in a round, and forgets clients that want nothing. */
    wants(elapsedMs: number, roundMs: number): Map<string, Amounts> {
      const wants = new Map<string, Amounts>();
      for (const [clientId, account] of accounts) {
        const wanted = account.wants(elapsedMs, roundMs);
        if (totalOf(wanted) > 0) wants.set(clientId, wanted);
        else if (account.isIdle()) accounts.delete(clientId);
      }
      return wants;
    },

    setShares(shareOf: (clientId: string) => Share, keepReady: number): void {
      ready = keepReady;
      for (const [clientId, account] of accounts) account.setShare(shareOf(clientId));
    },

    /** Adds leased requests to the pool, or takes some out. */
    add(amount: number): void {
      pool += amount;
      if (amount > 0) serve();
    },

    isWaitedFor: (): boolean => waiting.size > 0,
    pool: (): number => pool,
    waitingOf: (clientId: string): number => accounts.get(clientId)?.waiting() ?? 0,
    shareOf: (clientId: string): Share => accounts.get(clientId)?.share ?? whole,
  };
}
