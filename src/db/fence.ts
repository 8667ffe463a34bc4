import type { Queryable } from '../core/ports.ts';

/**
 * Checks, inside a transaction, that the lease is still ours, and keeps it ours until the
 * transaction ends: nobody takes it over in between.
 *
 * @throws NotTheLeader
 */
export type Fence = (tx: Queryable) => Promise<void>;

/** Another process leads: what was done here in the meantime is worth nothing. */
export class NotTheLeader extends Error {
  override readonly name = 'NotTheLeader';
}
