import type { Queryable } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import { asPostgresError, fromPostgres } from '../../db/problems.ts';
import { describeCause } from '../../core/describe-cause.ts';
import { NotTheLeader, type Fence } from '../../db/fence.ts';
import type { AppliedEvent, EventHandler } from '../inbox/event.ts';
import { createBackoff } from './backoff.ts';
import { park } from '../inbox/parked-store.ts';
import { attempt } from '../inbox/store.ts';
import {
  lockFeed,
  MAX_APPLIED,
  oldestWaiting,
  placeEvents,
  readWaiting,
  type WaitingEvent,
} from '../inbox/waiting-store.ts';

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
  readonly onApplied?: (count: number) => void;
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
   * @returns the number of applied events
   * @throws NotTheLeader
   */
  applyWaiting(fence?: Fence): Promise<number>;
  /** True if events waited for a tenant that is being provisioned in the last run. */
  waitsForTenants(): boolean;
}

export function createApplier(deps: ApplierDeps): Applier {
  const { db, handlers, onApplied, onFailure, onParked } = deps;
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
        apply(tx, { handlers, fence, skippedSubjects, limit, note, noteReading }),
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
    const oldest = await oldestWaiting(db, skippedSubjects);
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
    async applyWaiting(fence) {
      const undecided = new Set<string>();
      let count = 0;
      for (let read = MAX_APPLIED; read > 0 && !backoff.isFull();) {
        const batch = await readAndApply([...backoff.subjects(), ...undecided], fence);
        for (const { subject } of batch.applied) backoff.noteApplied(subject);
        for (const { event, error } of batch.failed) await fail(event, error, fence);
        for (const subject of batch.undecided) undecided.add(subject);
        count += batch.applied.length;
        ({ read } = batch);
        if (batch.applied.length > 0) onApplied?.(batch.applied.length);
      }
      waits = undecided.size > 0;
      return count;
    },
    waitsForTenants: () => waits,
  };
}

type EventName = Pick<WaitingEvent, 'id' | 'event' | 'subject'>;
type Placed = AppliedEvent & Pick<WaitingEvent, 'subject'>;

interface Batch {
  readonly read: number;
  readonly applied: readonly Placed[];
  readonly failed: readonly { readonly event: Placed; readonly error: Error }[];
  /** Subjects whose next event waits for a tenant that is being provisioned. */
  readonly undecided: readonly string[];
}

interface Round {
  readonly handlers: readonly EventHandler[];
  readonly fence: Fence | undefined;
  /** Subjects whose events are not read. */
  readonly skippedSubjects: readonly string[];
  readonly limit: number;
  /** Called with each event before its handlers run. */
  readonly note: (event: Placed) => void;
  /** Called with true before the events are read, and with false after it. */
  readonly noteReading: (isReading: boolean) => void;
}

async function apply(
  tx: Queryable,
  { handlers, fence, skippedSubjects, limit, note, noteReading }: Round,
): Promise<Batch> {
  let last = await lockFeed(tx);
  noteReading(true);
  const waiting = await readWaiting(tx, skippedSubjects, limit);
  noteReading(false);
  const applied: Placed[] = [];
  const failed: { event: Placed; error: Error }[] = [];
  const stopped = new Set<string>();
  for (const { isUndecided, ...one } of waiting) {
    if (stopped.has(one.subject)) continue;
    const event = { ...one, position: String(last + 1n) };
    if (!isUndecided) note(event);
    const error = isUndecided ? undefined : await runHandlers(tx, handlers, event);
    if (isUndecided || error) stopped.add(one.subject);
    if (error) failed.push({ event, error });
    if (isUndecided || error) continue;
    last += 1n;
    applied.push(event);
  }
  await placeEvents(tx, applied);
  await fence?.(tx);
  const isFailed = (subject: string) => failed.some(({ event }) => event.subject === subject);
  const undecided = [...stopped].filter((subject) => !isFailed(subject));
  return { read: waiting.length, applied, failed, undecided };
}

/** @returns what a handler threw. @throws errors for which the database is at fault, not the event */
async function runHandlers(
  tx: Queryable,
  handlers: readonly EventHandler[],
  event: AppliedEvent,
): Promise<Error | undefined> {
  const error = await attempt(tx, async () => {
    for (const handler of handlers) await handler(tx, event);
  });
  if (error !== undefined && isOfTheDatabase(error)) throw error;
  return error;
}

/** A statement timeout counts against the event, because the event may be its cause. */
function isOfTheDatabase(error: unknown): boolean {
  return fromPostgres(error) !== undefined && !isTimeout(error);
}

const isTimeout = (error: unknown): boolean => fromPostgres(error)?.slug === 'dependency-timeout';

/** The database is unreachable or read-only, which no event can cause. Errors 40, XX and 58 may be caused by an event. */
function isOutage(error: unknown): boolean {
  const { code = '' } = asPostgresError(error);
  return isOfTheDatabase(error) && !/^(40|XX|58)/.test(code);
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error('No error was thrown', { cause: error });
