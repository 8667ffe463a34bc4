import { runForAll } from '../core/caller.ts';
import { Problem } from '../core/problem.ts';
import { inSpan } from '../core/tracing.ts';
import { fromPostgres } from './problems.ts';

/** Rows per statement; further rows wait for the next one. */
const MAX_BATCH = 256;
/** Above this length the database is not keeping up, and rows are refused. */
const MAX_QUEUE = 4_096;

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
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

interface GroupOptions<Row, Answer> {
  /** Names the span that covers the wait. */
  readonly name: string;
  /** One statement for all rows or none, which answers them in their order. */
  readonly ask: (rows: readonly Row[]) => Promise<readonly Answer[]>;
  /** The problem's detail when the queue is full. */
  readonly overloaded: string;
}

/**
 * Group commit without a timer: rows that queued while a statement was running are inserted together
 * by the next one. A single row never waits; under load a row costs a tenth of an INSERT of its own.
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
 * Asks one statement for all rows that queued while the one before was running. A row is never part
 * of a statement that began before it came, so its answer is as fresh as that of a statement of its own.
 */
export function createGrouped<Row, Answer>({
  name,
  ask,
  overloaded,
}: GroupOptions<Row, Answer>): Grouped<Row, Answer> {
  const span = { name, kind: 'database' } as const;
  const queue: Waiting<Row, Answer>[] = [];
  let running: Promise<void> | undefined;

  const answer = async (batch: readonly Waiting<Row, Answer>[]): Promise<void> => {
    try {
      const answers = await ask(batch.map(({ row }) => row));
      // Sound: `ask` answers every row.
      for (const [i, { resolve }] of batch.entries()) resolve(answers[i] as Answer);
    } catch (error) {
      const isDown = fromPostgres(error) !== undefined;
      // A bad row must not fail the others, so they are asked one by one. If the database is down, all
      // fail, including those that queued meanwhile: they would only wait for another timeout.
      if (batch.length > 1 && !isDown) for (const one of batch) await answer([one]);
      else for (const { reject } of [...batch, ...(isDown ? queue.splice(0) : [])]) reject(error);
    }
  };
  const drain = async (): Promise<void> => {
    while (queue.length > 0) await answer(queue.splice(0, MAX_BATCH));
    running = undefined;
  };

  const add = (row: Row) =>
    new Promise<Answer>((resolve, reject) => {
      if (queue.length >= MAX_QUEUE) {
        reject(new Problem('overloaded', overloaded));
        return;
      }
      queue.push({ row, resolve, reject });
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
    },
  };
}
