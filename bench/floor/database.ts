import pg from 'pg';

/** Runs a prepared statement. */
export type Query = <R extends pg.QueryResultRow>(
  name: string,
  text: string,
  values: readonly unknown[],
) => Promise<R[]>;

export function openFloorDatabase(url: string): Query {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  return async <R extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ) => (await pool.query<R>({ name, text, values: [...values] })).rows;
}
