/** The SQL statements of a request, as Postgres counts them (`pg_stat_statements`). */
import pg from 'pg';

/** Settings of a Postgres that counts statements. It costs a little for each, so only `--layers` asks for it. */
export const COUNTING = ['shared_preload_libraries=pg_stat_statements'];

export interface Statement {
  readonly text: string;
  readonly calls: number;
  readonly rows: number;
  readonly micros: number;
}

export interface StatementCounter {
  reset(): Promise<void>;
  /** What has run since the reset, the dearest first. */
  read(): Promise<Statement[]>;
  stop(): Promise<void>;
}

const COUNTED = `select sum(calls)::float as calls, sum(rows)::float as rows, sum(total_exec_time * 1000) as micros,
    regexp_replace(query, '\\s+', ' ', 'g') as text
  from pg_stat_statements where query !~ 'pg_stat_statements' group by query order by micros desc`;

export async function countStatements(superuserUrl: string): Promise<StatementCounter> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  await client.query('create extension if not exists pg_stat_statements');
  return {
    async reset() {
      await client.query('select pg_stat_statements_reset()');
    },
    read: async () => (await client.query<Statement>(COUNTED)).rows,
    stop: () => client.end(),
  };
}
