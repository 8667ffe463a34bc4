import { setImmediate as immediate } from 'node:timers/promises';
import { currentCaller, runAs, runForAll, shareOf, type Caller } from '../core/caller.ts';
import { Problem } from '../core/problem.ts';
import { inSpan } from '../core/tracing.ts';
import { fromPostgres, isOfOneRow } from './problems.ts';
import { createLine } from './line.ts';

/** Rows per statement; further rows wait for the next one. */
const MAX_BATCH = 256;

export interface Grouped<Row, Answer> {
  /** Resolves with the row's answer. @throws Problem `overloaded`, or the database's error */
  add(row: Row): Promise<Answer>;
  /** Resolves once no row is waiting. */
  flush(): Promise<void>;
}

/** `add` resolves once the row is durable. */
export type GroupCommit<Row> = Grouped<Row, void>;

interface Waiting<Row, Answer> {
  readonly row: Row;
  readonly caller: Caller;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** One locked row holds up all rows of its statement; asked alone it may wait as long as a statement may. */
export type LockTimeout = '200ms' | '0';

interface GroupOptions<Row, Answer> {
  /** Names the span that covers the wait. */
  readonly name: string;
  /**
   * One statement for all rows or none, which answers them in their order.
   *
   * @param lockTimeout for a statement that may wait for the lock of a row
   */
  readonly ask: (rows: readonly Row[], lockTimeout: LockTimeout) => Promise<readonly Answer[]>;
  /** The problem's detail when the queue is full. */
  readonly overloaded: string;
}

/**
 * Group commit without a timer: rows that queued while a statement was running, or that came together, are inserted
 * by one. A single row never waits for another; under load a row costs a tenth of an INSERT of its own.
 */
export const createGroupCommit = <Row>({
  insert,
  ...options
}: Omit<GroupOptions<Row, void>, 'ask'> & {
  readonly insert: (rows: readonly Row[]) => Promise<void>;
}): GroupCommit<Row> =>
  createGrouped({
    ...options,
    async ask(rows) {
      await insert(rows);
      return new Array<undefined>(rows.length);
    },
  });

/**
 * Asks one statement for all rows that came together or queued while the one before was running. A row is never part
 * of a statement that began before it came, so its answer is as fresh as that of a statement of its own.
 */
export function createGrouped<Row, Answer>({
  name,
  ask,
  overloaded,
}: GroupOptions<Row, Answer>): Grouped<Row, Answer> {
  const span = { name, kind: 'database' } as const;
  const line = createLine<Waiting<Row, Answer>>(MAX_BATCH);
  const alone = new Set<Promise<void>>();
  let running: Promise<void> | undefined;

  /** Asks as if there were no group: its client's share of the sessions bounds it, and nobody waits for it. */
  const answerAlone = ({ row, caller, resolve, reject }: Waiting<Row, Answer>): void => {
    const asked = runAs(caller, () => ask([row], '0'))
      // Sound: `ask` answers every row.
      .then(([answer]) => {
        resolve(answer as Answer);
      }, reject)
      .finally(() => alone.delete(asked));
    alone.add(asked);
  };
  const answer = async (batch: readonly Waiting<Row, Answer>[]): Promise<void> => {
    try {
      const answers = await ask(
        batch.map(({ row }) => row),
        '200ms',
      );
      for (const [i, { resolve }] of batch.entries()) resolve(answers[i] as Answer);
    } catch (error) {
      if (isOfOneRow(error)) {
        for (const one of batch) answerAlone(one);
        return;
      }
      // If the database is down, those that queued meanwhile would only wait for another timeout.
      const failed = fromPostgres(error) ? [...batch, ...line.all()] : batch;
      for (const { reject } of failed) reject(error);
    }
  };
  const drain = async (): Promise<void> => {
    do {
      // The next turn of the event loop: until then all sockets that have data are read, and their requests add rows.
      await immediate();
      await answer(line.next());
    } while (line.isWaiting());
    running = undefined;
  };

  const add = (row: Row) =>
    new Promise<Answer>((resolve, reject) => {
      const caller = currentCaller();
      if (!line.add({ row, caller, resolve, reject }, shareOf(caller))) {
        reject(new Problem('overloaded', overloaded));
        return;
      }
      running ??= runForAll(drain);
    });
  return {
    add: (row) =>
      inSpan(
        () => span,
        () => add(row),
      ),
    flush: async () => {
      await running;
      await Promise.all(alone);
    },
  };
}
