import { runForAll } from '../core/caller.ts';
import { Problem } from '../core/problem.ts';
import { fromPostgres } from './problems.ts';

/** Rows per statement; further rows wait for the next one. */
const MAX_BATCH = 256;
/** Above this length the database is not keeping up, and rows are refused. */
const MAX_QUEUE = 4_096;

export interface GroupCommit<Row> {
  /** Resolves once the row is durable. @throws Problem `overloaded`, or the database's error */
  add(row: Row): Promise<void>;
  /** Resolves once no row is waiting. */
  flush(): Promise<void>;
}

interface Waiting<Row> {
  readonly row: Row;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit without a timer: rows that queued while a statement was running are inserted together
 * by the next one. A single row never waits; under load a row costs a tenth of an INSERT of its own.
 *
 * @param insert inserts all rows or none, in one statement
 * @param overloaded the problem's detail when the queue is full
 */
export function createGroupCommit<Row>(
  insert: (rows: readonly Row[]) => Promise<void>,
  overloaded: string,
): GroupCommit<Row> {
  const queue: Waiting<Row>[] = [];
  let writing: Promise<void> | undefined;

  const write = async (batch: readonly Waiting<Row>[]): Promise<void> => {
    try {
      await insert(batch.map(({ row }) => row));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      const isDown = fromPostgres(error) !== undefined;
      // A bad row must not fail the others, so they are inserted one by one. If the database is down, all
      // fail, including those that queued meanwhile: they would only wait for another timeout.
      if (batch.length > 1 && !isDown) for (const one of batch) await write([one]);
      else for (const { reject } of [...batch, ...(isDown ? queue.splice(0) : [])]) reject(error);
    }
  };
  const drain = async (): Promise<void> => {
    while (queue.length > 0) await write(queue.splice(0, MAX_BATCH));
    writing = undefined;
  };

  return {
    add: (row) =>
      new Promise((resolve, reject) => {
        if (queue.length >= MAX_QUEUE) {
          reject(new Problem('overloaded', overloaded));
          return;
        }
        queue.push({ row, resolve, reject });
        writing ??= runForAll(drain);
      }),
    flush: async () => {
      await writing;
    },
  };
}
