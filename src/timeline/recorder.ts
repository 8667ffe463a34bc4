import type { Occurrence, RecordOccurrence } from '../core/ports.ts';
import { isRefusedValue } from '../db/problems.ts';
import { redact } from './redact.ts';

/** Equal occurrences that are not stored yet. */
export interface Pending extends Occurrence {
  readonly count: number;
  /** When the last one happened, in milliseconds since 1970. */
  readonly lastMs: number;
}

export interface OccurrenceStore {
  add(occurrences: readonly Pending[]): Promise<void>;
}

export interface Recorder {
  readonly record: RecordOccurrence;
  /**
   * Stores what was recorded. An occurrence that the database refuses is dropped.
   *
   * @throws any other error of the database, and keeps what was not stored
   */
  flush(): Promise<void>;
}

/** Occurrences per statement. */
const AT_ONCE = 500;
/** Distinct occurrences that are kept until the next flush; others are dropped. */
const MOST = 4_000;
/** The most of these that may name no tenant: anybody may make up connection ids. */
const MOST_WITHOUT_TENANT = 400;

/**
 * Counts occurrences in memory, and stores them together once a second: a login must not wait for a statement, and
 * strangers must not be able to cause one each.
 *
 * @param onDropped called for an occurrence that found no room, or that the database refused
 */
export function createRecorder(store: OccurrenceStore, onDropped?: () => void): Recorder {
  let pending = new Map<string, Pending>();

  const add = (occurrence: Pending): void => {
    const key = keyOf(occurrence);
    const before = pending.get(key);
    const most = occurrence.tenantId === undefined ? MOST_WITHOUT_TENANT : MOST;
    if (before === undefined && pending.size >= most) {
      onDropped?.();
      return;
    }
    pending.set(key, { ...occurrence, count: occurrence.count + (before?.count ?? 0) });
  };

  /** Stores all that the database accepts: one that it refuses must not keep the others waiting for ever. */
  const storeAll = async (batch: readonly Pending[]): Promise<void> => {
    try {
      await store.add(batch);
    } catch (error) {
      if (!isRefusedValue(error)) throw error;
      if (batch.length === 1) {
        onDropped?.();
        return;
      }
      const middle = Math.ceil(batch.length / 2);
      await storeAll(batch.slice(0, middle));
      await storeAll(batch.slice(middle));
    }
  };

  return {
    record(occurrence) {
      const said = occurrence.said === undefined ? undefined : redact(occurrence.said);
      add({ ...occurrence, said, count: 1, lastMs: Date.now() });
    },
    async flush() {
      if (pending.size === 0) return;
      const batch = [...pending.values()];
      pending = new Map();
      try {
        while (batch.length > 0) {
          await storeAll(batch.slice(0, AT_ONCE));
          batch.splice(0, AT_ONCE);
        }
      } catch (error) {
        for (const occurrence of batch) add(occurrence);
        throw error;
      }
    },
  };
}

const keyOf = (occurrence: Occurrence): string => {
  const { tenantId, connectionId, operation, outcome, reason, clientId } = occurrence;
  return JSON.stringify([tenantId, connectionId, operation, outcome, reason, clientId]);
};
