import type { Database, Queryable } from '../db/database.ts';
import { fromPostgres } from '../db/problems.ts';
import type { AppliedEvent, Effect } from './event.ts';
import { createHeldBack } from './held-back.ts';
import { attempt, lockFeed, placeEvents, readWaiting, type WaitingEvent } from './store.ts';

const BATCH = 100;

export interface EventFailure {
  readonly event: AppliedEvent;
  readonly error: Error;
  /** How often it has failed by now, as far as this process knows. */
  readonly failures: number;
}

export interface ApplierDeps {
  readonly db: Database;
  /** In the order in which they follow from each event. */
  readonly effects: readonly Effect[];
  readonly onApplied?: (count: number) => void;
  readonly onFailure?: (failure: EventFailure) => void;
}

export interface Applier {
  /**
   * Applies what waits, the oldest first, and gives each event its place: its effects and its place
   * are committed together, so each effect on the database happens once. An event whose effect
   * fails waits and is tried again, and with it whatever comes after it of the same organization;
   * all others go on.
   *
   * @returns how many were applied
   */
  applyWaiting(): Promise<number>;
}

export function createApplier({ db, effects, onApplied, onFailure }: ApplierDeps): Applier {
  const heldBack = createHeldBack();

  const applyBatch = async (): Promise<Batch> => {
    const batch = await db.transaction((tx) => apply(tx, effects, heldBack.subjects()));
    for (const { subject } of batch.applied) heldBack.letGo(subject);
    for (const failure of batch.failed) {
      const failures = heldBack.hold(failure.event.subject);
      onFailure?.({ ...failure, failures });
    }
    return batch;
  };

  return {
    async applyWaiting() {
      let count = 0;
      for (let read = BATCH; read > 0 && !heldBack.isFull();) {
        const batch = await applyBatch();
        count += batch.applied.length;
        ({ read } = batch);
        if (batch.applied.length > 0) onApplied?.(batch.applied.length);
      }
      return count;
    },
  };
}

type Placed = AppliedEvent & Pick<WaitingEvent, 'subject'>;

interface Batch {
  readonly read: number;
  readonly applied: readonly Placed[];
  readonly failed: readonly { readonly event: Placed; readonly error: Error }[];
}

async function apply(
  tx: Queryable,
  effects: readonly Effect[],
  heldBack: readonly string[],
): Promise<Batch> {
  let last = await lockFeed(tx);
  const waiting = await readWaiting(tx, heldBack, BATCH);
  const applied: Placed[] = [];
  const failed: { event: Placed; error: Error }[] = [];
  for (const one of waiting) {
    if (failed.some(({ event }) => event.subject === one.subject)) continue;
    const event = { ...one, position: String(last + 1n) };
    const error = await effectsOf(tx, effects, event);
    if (error === undefined) {
      last += 1n;
      applied.push(event);
    } else failed.push({ event, error });
  }
  await placeEvents(tx, applied);
  return { read: waiting.length, applied, failed };
}

/** @returns what one of them threw. @throws what says that the database is at fault, and not the event */
async function effectsOf(
  tx: Queryable,
  effects: readonly Effect[],
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
  const slug = fromPostgres(error)?.slug;
  return slug !== undefined && slug !== 'dependency-timeout';
}
