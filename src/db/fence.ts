import type { Queryable } from '../core/ports.ts';

/**
 * Checks in a transaction that this process still holds the lease, and locks it until the transaction
 * ends, so that nobody takes it over meanwhile.
 *
 * @throws NotTheLeader
 */
export type Fence = (tx: Queryable) => Promise<void>;

/** Another process has become the leader, so the transaction must be rolled back. */
export class NotTheLeader extends Error {
  override readonly name = 'NotTheLeader';
}
