import type { Queryable } from '../../core/ports.ts';
import type { Fence } from '../../db/fence.ts';
import type { AppliedEvent, EventHandler } from '../inbox/event.ts';
import { attempt } from '../inbox/store.ts';
import { lockFeed, placeEvents, readWaiting, type WaitingEvent } from '../inbox/waiting-store.ts';
import { isDatabaseFault } from './database-errors.ts';

/** An event with the position that it gets if the batch is committed. */
export type Placed = AppliedEvent & Pick<WaitingEvent, 'subject'>;

export interface Batch {
  readonly read: number;
  readonly applied: readonly Placed[];
  readonly failed: readonly { readonly event: Placed; readonly error: Error }[];
  /** Subjects whose next event waits for a tenant that is being provisioned. */
  readonly undecided: readonly string[];
}

export interface BatchOptions {
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

/**
 * Applies one batch in the given transaction.
 *
 * @throws NotTheLeader, and errors for which the database is at fault
 */
export async function applyBatch(
  tx: Queryable,
  { handlers, fence, skippedSubjects, limit, note, noteReading }: BatchOptions,
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
  if (error !== undefined && isDatabaseFault(error)) throw error;
  return error;
}
