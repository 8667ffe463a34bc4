import type { Queryable } from '../../core/ports.ts';

/** An event as WorkOS sends it, by webhook or feed, with WorkOS's ids. */
export interface IncomingEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  /** ISO 8601. */
  readonly created_at: string;
}

/** An event with its tenant and its position in our feed. */
export interface AppliedEvent {
  readonly id: string;
  readonly event: string;
  /** Null if the event concerns no organization. */
  readonly organizationId: string | null;
  /** Null if the event concerns no tenant, or is older than the mapping. */
  readonly tenantId: string | null;
  /** Unchanged, with WorkOS's ids. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>> | null;
  readonly createdAt: Date;
  /** A string, because it is a 64-bit integer. */
  readonly position: string;
}

/**
 * Reacts to an event. Runs in the transaction that gives the event its position, once for each event
 * and in the feed's order, so an effect on the database happens exactly once.
 */
export type EventHandler = (tx: Queryable, event: AppliedEvent) => Promise<void>;
