import { isLeased } from '../../db/is-leased.ts';

/**
 * The lease of a claim, from when it was taken or renewed. Longer than a write to WorkOS takes with
 * its retry (6 s); after it anybody may take the claim over.
 */
export const LEASE = `now() + interval '12 seconds'`;

/** SQL: the claim has a holder. */
export const IS_LEASED = isLeased('lease_until');
