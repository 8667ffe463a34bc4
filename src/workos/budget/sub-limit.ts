import type { CallOptions } from '../call-options.ts';

/** A limit that WorkOS has beside the budget. In no window of it can more requests be made than WorkOS allows. */
export interface SubLimit {
  /** The bucket that all processes share. */
  readonly name: string;
  readonly most: number;
  readonly perSecond: number;
  /** Requests that are taken from the bucket at once, so that frequent operations ask for it less often. */
  readonly batch: number;
}

/** 50 a minute. */
const ORGANIZATION_DELETES = { name: 'delete organization', most: 10, perSecond: 2 / 3, batch: 1 };
/** 1,000 reads and 500 writes in 10 s. */
const USER_READS = { name: 'read users', most: 100, perSecond: 90, batch: 10 };
const USER_WRITES = { name: 'write users', most: 50, perSecond: 45, batch: 5 };
/** 4 a second for each directory. */
const DIRECTORY_USERS = { most: 1, perSecond: 3, batch: 1 };

/** @see https://workos.com/docs/reference/rate-limits */
export function subLimitOf(options: CallOptions): SubLimit | undefined {
  const { class: group, operation, limited, repeatable } = options;
  if (group === 'organizations' && operation === 'delete') return ORGANIZATION_DELETES;
  if (group === 'users') return repeatable ? USER_READS : USER_WRITES;
  if (operation === 'get /directory_users' && limited !== undefined)
    return { name: `directory users ${limited}`, ...DIRECTORY_USERS };
  return undefined;
}

/** The part of a bucket that is left for clients that have used less than the others. */
const RESERVE = 1 / 4;

/** Returns the requests that a client that has used more than the others leaves in the bucket. */
export const reserveOf = ({ most, batch }: SubLimit): number =>
  Math.min(RESERVE * most, most - batch);
