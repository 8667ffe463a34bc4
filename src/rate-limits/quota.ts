import { LRUCache } from 'lru-cache';
import { lruBound } from '../core/lru-bound.ts';
import { WINDOW_SECONDS, type PointStore } from './store.ts';

/** Milliseconds until the limit allows more. */
export type WaitMs = number;

export interface Quota {
  /** Takes points. Returns how long to wait if there are none left, undefined if they were taken. */
  take(key: string, cost: number): Promise<WaitMs | undefined> | undefined;
}

export interface QuotaOptions {
  readonly store: PointStore;
  /** Points per key and minute. */
  readonly limit: number;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

/** Parts of the limit: given without asking, and taken at a time from the store. */
const UNASKED = 1 / 30;
const AT_A_TIME = 1 / 20;
const MAX_KEYS = 50_000;

/** The points of one key that this process may still give out. */
interface Account {
  left: number;
  /** Given without asking, and not yet taken from the store. */
  debt: number;
  /** The limit is used up until `until`. */
  isSpent: boolean;
  until: number;
  asking: Promise<void> | undefined;
}

/**
 * A limit shared by all replicas. Each takes points from the store in batches of a twentieth, so few
 * requests wait for Postgres. The first thirtieth of each minute's points is given without asking, so that most
 * keys never touch the store; it is settled with the first batch. Replicas can therefore exceed the
 * limit by a thirtieth each.
 */
export function createQuota({ store, limit, now = () => performance.now() }: QuotaOptions): Quota {
  const unasked = Math.floor(limit * UNASKED);
  const batch = Math.max(1, Math.floor(limit * AT_A_TIME));
  const accounts = new LRUCache<string, Account>(lruBound(MAX_KEYS));

  const accountOf = (key: string): Account => {
    const known = accounts.get(key);
    if (known && (known.asking || now() < known.until)) return known;
    const until = now() + WINDOW_SECONDS * 1_000;
    const account: Account = {
      ...{ left: unasked, debt: unasked, isSpent: false },
      ...{ until, asking: undefined },
    };
    accounts.set(key, account);
    return account;
  };

  const ask = async (key: string, account: Account, cost: number): Promise<void> => {
    const points = account.debt + Math.max(batch, cost);
    const { granted, windowMs } = await store.take(key, points);
    account.left += Math.max(0, granted - account.debt);
    account.debt = 0;
    account.isSpent = granted < points;
    account.until = now() + windowMs;
  };

  const takeLater = async (key: string, cost: number): Promise<WaitMs | undefined> => {
    for (;;) {
      const account = accountOf(key);
      if (account.left >= cost) {
        account.left -= cost;
        return undefined;
      }
      if (account.isSpent) return Math.max(0, account.until - now());
      account.asking ??= ask(key, account, cost).finally(() => (account.asking = undefined));
      await account.asking;
    }
  };

  return {
    take(key, asked) {
      const cost = Math.min(asked, limit);
      const account = accountOf(key);
      if (account.left < cost) return takeLater(key, cost);
      account.left -= cost;
      return undefined;
    },
  };
}
