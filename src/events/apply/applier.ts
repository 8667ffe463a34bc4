import type { Queryable } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import { asPostgresError, fromPostgres } from '../../db/problems.ts';
import { describeCause } from '../../core/describe-cause.ts';
import { NotTheLeader, type Fence } from '../../db/fence.ts';
import type { AppliedEvent, EventHandler } from '../inbox/event.ts';
import { createBackoff } from './backoff.ts';
import { park } from '../inbox/parked-store.ts';
import {
  attempt,
  lockFeed,
  MOST_APPLIED,
  oldestWaiting,
  placeEvents,
  readWaiting,
  type WaitingEvent,
} from '../inbox/store.ts';

/** Where a batch held only what waits for tenants, more is read at once, to come to the others sooner. */
const LOOKED_AT = 5_000;

export interface EventFailure {
  readonly event: Pick<AppliedEvent, 'id' | 'event'>;
  readonly error: Error;
  /** How often it has failed by now, as far as this process knows. */
  readonly failures: number;
}

export interface ApplierDeps {
  readonly db: Database;
  /** In the order in which they follow from each event. */
  readonly effects: readonly EventHandler[];
  readonly onApplied?: (count: number) => void;
  readonly onFailure?: (failure: EventFailure) => void;
  /** The event was set aside, and what follows of its organization goes on. */
  readonly onParked?: (failure: EventFailure) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

export interface Applier {
  /**
   * Applies what waits, the oldest first, and gives each event its place: its effects and its place
   * are committed together, so each effect on the database happens once. An event whose effect
   * fails waits and is tried again, and with it whatever comes after it of the same organization;
   * all others go on. One that goes on failing is parked. An event whose organization may be that
   * of a tenant that is being provisioned waits for it.
   *
   * @param fence undefined when nobody else may be at it
   * @returns how many were applied
   * @throws NotTheLeader
   */
  applyWaiting(fence?: Fence): Promise<number>;
  /** Whether events waited for a tenant that is being provisioned, the last time. */
  waitsForTenants(): boolean;
}

export function createApplier(deps: ApplierDeps): Applier {
  const { db, effects, onApplied, onFailure, onParked } = deps;
  const heldBack = createBackoff(deps.now);
  let waits = false;
  let limit = MOST_APPLIED;

  /** A batch that fails as a whole is tried again event by event, to find the one that it is. */
  const readAndApply = async (
    passOver: readonly string[],
    fence: Fence | undefined,
  ): Promise<Batch> => {
    let tried: Placed | undefined;
    const now = { isReading: false };
    const note = (event: Placed) => (tried = event);
    const noteReading = (isReading: boolean) => (now.isReading = isReading);
    try {
      const batch = await db.transaction((tx) =>
        apply(tx, { effects, fence, passOver, limit, note, noteReading }),
      );
      const onlyWaits = batch.applied.length + batch.failed.length === 0;
      limit = Math.min(limit * 2, onlyWaits ? LOOKED_AT : MOST_APPLIED);
      return batch;
    } catch (error) {
      if (now.isReading && isTimeout(error)) return readLess(error, passOver, fence);
      if (!tried || error instanceof NotTheLeader || isOutage(error)) throw error;
      const failed = limit === 1 ? [{ event: tried, error: asError(error) }] : [];
      limit = 1;
      return { read: 1, applied: [], failed, undecided: [] };
    }
  };

  /** What takes too long to read is read in smaller batches. @throws the error, where it was a single event */
  const readLess = async (
    error: unknown,
    passOver: readonly string[],
    fence: Fence | undefined,
  ): Promise<Batch> => {
    if (limit > 1) {
      limit = Math.floor(limit / 2);
      return { read: 1, applied: [], failed: [], undecided: [] };
    }
    const oldest = await oldestWaiting(db, passOver);
    if (oldest) await fail(oldest, asError(error), fence);
    throw error;
  };

  const fail = async (event: Named, error: Error, fence: Fence | undefined): Promise<void> => {
    const failure = { event, error, failures: heldBack.hold(event.subject) };
    onFailure?.(failure);
    if (!heldBack.isAtFault(event.subject, fromPostgres(error) !== undefined)) return;
    const reason = `failed ${failure.failures} times: ${describeCause(error)}`;
    await park(db, event.id, reason, fence);
    heldBack.letGo(event.subject);
    onParked?.(failure);
  };

  return {
    async applyWaiting(fence) {
      const undecided = new Set<string>();
      let count = 0;
      for (let read = MOST_APPLIED; read > 0 && !heldBack.isFull();) {
        const batch = await readAndApply([...heldBack.subjects(), ...undecided], fence);
        for (const { subject } of batch.applied) heldBack.noteApplied(subject);
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

type Named = Pick<WaitingEvent, 'id' | 'event' | 'subject'>;
type Placed = AppliedEvent & Pick<WaitingEvent, 'subject'>;

interface Batch {
  readonly read: number;
  readonly applied: readonly Placed[];
  readonly failed: readonly { readonly event: Placed; readonly error: Error }[];
  /** Subjects whose next event waits for a tenant that is being provisioned. */
  readonly undecided: readonly string[];
}

interface Round {
  readonly effects: readonly EventHandler[];
  readonly fence: Fence | undefined;
  /** Subjects whose events are left where they are. */
  readonly passOver: readonly string[];
  readonly limit: number;
  /** Called with each event before its effects. */
  readonly note: (event: Placed) => void;
  /** Called with true before the events are read, and with false after it. */
  readonly noteReading: (isReading: boolean) => void;
}

async function apply(
  tx: Queryable,
  { effects, fence, passOver, limit, note, noteReading }: Round,
): Promise<Batch> {
  let last = await lockFeed(tx);
  noteReading(true);
  const waiting = await readWaiting(tx, passOver, limit);
  noteReading(false);
  const applied: Placed[] = [];
  const failed: { event: Placed; error: Error }[] = [];
  const stopped = new Set<string>();
  for (const { isUndecided, ...one } of waiting) {
    if (stopped.has(one.subject)) continue;
    const event = { ...one, position: String(last + 1n) };
    if (!isUndecided) note(event);
    const error = isUndecided ? undefined : await effectsOf(tx, effects, event);
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

/** @returns what one of them threw. @throws what says that the database is at fault, and not the event */
async function effectsOf(
  tx: Queryable,
  effects: readonly EventHandler[],
  event: AppliedEvent,
): Promise<Error | undefined> {
  const error = await attempt(tx, async () => {
    for (const effect of effects) await effect(tx, event);
  });
  if (error !== undefined && isOfTheDatabase(error)) throw error;
  return error;
}

/** A statement that took too long is the event's own doing, and may be again. */
function isOfTheDatabase(error: unknown): boolean {
  return fromPostgres(error) !== undefined && !isTimeout(error);
}

const isTimeout = (error: unknown): boolean => fromPostgres(error)?.slug === 'dependency-timeout';

/** The database is away or takes no writes: no event has that effect. A fault inside it may be one's doing. */
function isOutage(error: unknown): boolean {
  const { code = '' } = asPostgresError(error);
  return isOfTheDatabase(error) && !/^(40|XX|58)/.test(code);
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error('No error was thrown', { cause: error });
