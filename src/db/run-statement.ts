import pg from 'pg';
import type { Statement } from '../core/ports.ts';
import { replyTimeout } from '../core/reply-timeout.ts';
import { NoReply } from './problems.ts';

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
    const cancelTimeout = replyTimeout(replyMs, () => {
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
