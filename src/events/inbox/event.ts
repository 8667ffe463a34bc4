import type { Queryable } from '../../core/ports.ts';

/** An event as WorkOS tells it, by webhook or feed; its ids are WorkOS's. */
export interface IncomingEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  /** ISO 8601. */
  readonly created_at: string;
}

/** An event in its place: its tenant is known, and so is where it stands in our feed. */
export interface AppliedEvent {
  readonly id: string;
  readonly event: string;
  /** Null: of no organization. */
  readonly organizationId: string | null;
  /** Null: of no tenant, or older than the mapping. */
  readonly tenantId: string | null;
  /** As it came, with WorkOS's ids. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>> | null;
  readonly createdAt: Date;
  /** As text: it is 64 bits wide. */
  readonly position: string;
}

/**
 * What follows from an event. Runs in the transaction that gives the event its place, once for each
 * event and in the feed's order, so an effect on the database happens exactly once.
 */
export type EventHandler = (tx: Queryable, event: AppliedEvent) => Promise<void>;
