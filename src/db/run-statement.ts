import pg from 'pg';
import type { Statement } from '../core/ports.ts';
import { NoReply } from './problems.ts';

/**
 * How long the process may take to read the replies that it has received. After a pause (of a virtual
 * machine, or without CPU) timers are due before those replies are read, so a timeout alone does not
 * prove that the server was silent.
 */
const READING_MS = 100;

/**
 * Runs a statement as the driver's own query object: of a `QueryConfig` the driver makes a copy by
 * property descriptors, which takes 10 µs.
 *
 * @param replyMs how long to wait for the reply; the connection cannot be used after that
 * @throws NoReply, or the error of Postgres or the driver
 */
export function runStatement(
  connection: pg.PoolClient,
  { name, text }: Statement,
  values: readonly unknown[],
  replyMs: number,
): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    const cancelTimeout = onTimeout(replyMs, () => {
      reject(new NoReply(replyMs));
    });
    const settle = (error: Error | null | undefined, result: unknown) => {
      cancelTimeout();
      if (error) reject(error);
      else resolve(result as pg.QueryResult);
    };
    // Sound: the driver only reads the values.
    const query = new pg.Query(text, values as unknown[], settle);
    connection.query(Object.assign(query, { name }));
  });
}

/** Calls back once the time is over and the replies received by then are read. @returns cancels it */
function onTimeout(ms: number, act: () => void): () => void {
  let timer = setTimeout(() => {
    timer = setTimeout(act, READING_MS);
  }, ms - READING_MS);
  return () => {
    clearTimeout(timer);
  };
}
