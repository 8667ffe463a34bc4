import { Problem } from '../core/problem.ts';
import { fromPostgres } from './problems.ts';

/** Rows in one statement; more only wait for the next. */
const MAX_BATCH = 256;
/** Beyond this the database is not keeping up, and rows are refused. */
const MAX_QUEUE = 4_096;

export interface GroupCommit<Row> {
  /** Resolves once the row is durable. @throws Problem `overloaded`, or what the database says */
  add(row: Row): Promise<void>;
  /** Resolves once nothing is waiting. */
  flush(): Promise<void>;
}

interface Waiting<Row> {
  readonly row: Row;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit without a timer: whatever queued while the last statement was under way goes as
 * one. A lone row waits for nobody; under load a row costs a tenth of an INSERT of its own.
 *
 * @param insert one statement, for all rows or none
 * @param overloaded what to say when the queue is full
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
      // One bad row must not take the others with it; a database that is down takes them all, and
      // those that queued meanwhile, who would wait as long again.
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
        writing ??= drain();
      }),
    flush: async () => {
      await writing;
    },
  };
}
