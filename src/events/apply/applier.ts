import type { Database } from '../../db/database.ts';
import { fromPostgres } from '../../db/problems.ts';
import { describeCause } from '../../core/describe-cause.ts';
import { NotTheLeader, type Fence } from '../../db/fence.ts';
import type { AppliedEvent, EventHandler } from '../inbox/event.ts';
import { createBackoff } from './backoff.ts';
import { park } from '../inbox/parked-store.ts';
import { MAX_APPLIED, oldestWaiting, type WaitingEvent } from '../inbox/waiting-store.ts';
import { applyBatch, type Batch, type Placed } from './apply-batch.ts';
import { isOutage, isTimeout } from './database-errors.ts';

/** Batch limit after a batch in which every event waits for a tenant, to get past those events sooner. */
const MAX_BATCH = 5_000;

export interface EventFailure {
  readonly event: Pick<AppliedEvent, 'id' | 'event'>;
  readonly error: Error;
  /** The number of failures so far, as far as this process knows. */
  readonly failures: number;
}

export interface ApplierDeps {
  readonly db: Database;
  /** Called in this order for each event. */
  readonly handlers: readonly EventHandler[];
  readonly onFailure?: (failure: EventFailure) => void;
  /** Called when an event was parked, so that later events of its organization go on. */
  readonly onParked?: (failure: EventFailure) => void;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

export interface Applier {
  /**
   * Applies waiting events, oldest first: calls the handlers and gives each event its position in
   * the feed. Both are committed together, so each effect on the database happens once. If a handler
   * fails, the event is retried later, and later events of the same organization wait for it; all
   * others go on. An event that keeps failing is parked. An event whose organization may belong to
   * a tenant that is being provisioned waits for that tenant.
   *
   * @param fence undefined if no other process can be applying events
   * @param onApplied called with the number of applied events after each batch that is committed
   * @returns the number of applied events
   * @throws NotTheLeader
   */
  applyWaiting(fence?: Fence, onApplied?: (count: number) => void): Promise<number>;
  /** True if events waited for a tenant that is being provisioned in the last run. */
  waitsForTenants(): boolean;
}

export function createApplier(deps: ApplierDeps): Applier {
  const { db, handlers, onFailure, onParked } = deps;
  const backoff = createBackoff(deps.now);
  let waits = false;
  let limit = MAX_APPLIED;

  /** A batch that fails as a whole is retried event by event, to find the event at fault. */
  const readAndApply = async (
    skippedSubjects: readonly string[],
    fence: Fence | undefined,
  ): Promise<Batch> => {
    let tried: Placed | undefined;
    const now = { isReading: false };
    const note = (event: Placed) => (tried = event);
    const noteReading = (isReading: boolean) => (now.isReading = isReading);
    try {
      const batch = await db.transaction((tx) =>
        applyBatch(tx, { handlers, fence, skippedSubjects, limit, note, noteReading }),
      );
      const onlyWaits = batch.applied.length + batch.failed.length === 0;
      limit = Math.min(limit * 2, onlyWaits ? MAX_BATCH : MAX_APPLIED);
      return batch;
    } catch (error) {
      if (now.isReading && isTimeout(error)) return readLess(error, skippedSubjects, fence);
      if (!tried || error instanceof NotTheLeader || isOutage(error)) throw error;
      const failed = limit === 1 ? [{ event: tried, error: asError(error) }] : [];
      limit = 1;
      return { read: 1, applied: [], failed, undecided: [] };
    }
  };

  /** Halves the batch after a timeout while reading. @throws the error if the batch was a single event */
  const readLess = async (
    error: unknown,
    skippedSubjects: readonly string[],
    fence: Fence | undefined,
  ): Promise<Batch> => {
    if (limit > 1) {
      limit = Math.floor(limit / 2);
      return { read: 1, applied: [], failed: [], undecided: [] };
    }
    const oldest = await db.transaction((tx) => oldestWaiting(tx, skippedSubjects));
    if (oldest) await fail(oldest, asError(error), fence);
    throw error;
  };

  const fail = async (event: EventName, error: Error, fence: Fence | undefined): Promise<void> => {
    const failure = { event, error, failures: backoff.hold(event.subject) };
    onFailure?.(failure);
    if (!backoff.isAtFault(event.subject, fromPostgres(error) !== undefined)) return;
    const reason = `failed ${failure.failures} times: ${describeCause(error)}`;
    await park(db, event.id, reason, fence);
    backoff.clear(event.subject);
    onParked?.(failure);
  };

  return {
    async applyWaiting(fence, onApplied) {
      const undecided = new Set<string>();
      let count = 0;
      for (let read = MAX_APPLIED; read > 0 && !backoff.isFull();) {
        const batch = await readAndApply([...backoff.subjects(), ...undecided], fence);
        for (const { subject } of batch.applied) backoff.noteApplied(subject);
        for (const { event, error } of batch.failed) await fail(event, error, fence);
        for (const subject of batch.undecided) undecided.add(subject);
        count += batch.applied.length;
        ({ read } = batch);
        if (batch.applied.length > 0) onApplied?.(count);
      }
      waits = undecided.size > 0;
      return count;
    },
    waitsForTenants: () => waits,
  };
}

type EventName = Pick<WaitingEvent, 'id' | 'event' | 'subject'>;

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error('No error was thrown', { cause: error });
