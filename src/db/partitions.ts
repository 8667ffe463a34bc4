import type pg from 'pg';
import { partitionsOf, SETTLING } from './maintenance-functions.ts';
import { inTransaction, retryWhileLocked } from './migration-run.ts';
import { PARTITIONED } from './retention-rules.ts';

/**
 * Gives bounds to default partitions that contain rows, and makes the partitions of the coming weeks. Rows get into a
 * default partition when these were not made in time, and it has all rows after the migration to partitions. Nobody
 * waits for long: the scan of the rows takes no lock that a writer needs. Hold the migration lock.
 */
export async function settlePartitions(client: pg.Client, days: number): Promise<string[]> {
  const done: string[] = [];
  for (const table of PARTITIONED) {
    if (!(await isPartitioned(client, table))) return done;
    if (await isUsed(client, table)) done.push(await giveBounds(client, table));
  }
  for (;;) {
    const step = await retryWhileLocked(
      'partitions',
      () => undefined,
      async () =>
        (await client.query<{ step: string | null }>('select keep_partitions($1) as step', [days]))
          .rows[0]?.step,
    );
    if (!step) return done;
    done.push(step);
  }
}

const exists = async (client: pg.Client, text: string, values: unknown[] = []): Promise<boolean> =>
  (await client.query(text, values)).rows.length > 0;

const isPartitioned = (client: pg.Client, table: string): Promise<boolean> =>
  exists(client, `select from pg_class where oid = to_regclass($1) and relkind = 'p'`, [table]);

const isUsed = (client: pg.Client, table: string): Promise<boolean> =>
  exists(client, `select from ${table}_default limit 1`);

/** The default partition becomes one that ends next week at the earliest, and a new, empty one takes its place. */
async function giveBounds(client: pg.Client, table: string): Promise<string> {
  const { lower, upper, name } = await boundsFor(client, table);
  const old = `${table}_default`;
  const from = lower === null ? 'minvalue' : `'${lower}'`;
  const within = `at < '${upper}'${lower === null ? '' : ` and at >= '${lower}'`}`;
  const briefly = (statements: readonly string[]) =>
    retryWhileLocked(
      `bounds of ${old}`,
      () => undefined,
      () =>
        inTransaction(client, async () => {
          await client.query(`set local lock_timeout = '250ms'`);
          for (const statement of statements) await client.query(statement);
        }),
    );
  await briefly([
    `alter table ${old} drop constraint if exists ${SETTLING}`,
    `alter table ${old} add constraint ${SETTLING} check (${within}) not valid`,
  ]);
  try {
    await client.query(`alter table ${old} validate constraint ${SETTLING}`);
    // The constraint spares the scan under lock.
    await briefly([
      `alter table ${table} detach partition ${old}`,
      `alter table ${old} rename to ${name}`,
      `alter table ${table} attach partition ${name} for values from (${from}) to ('${upper}')`,
      `alter table ${name} drop constraint ${SETTLING}`,
      `create table ${old} partition of ${table} default`,
    ]);
  } catch (error) {
    // Otherwise it would refuse rows once its end has come. "maintain" and the worker drop one that is left.
    await client.query(`alter table if exists ${old} drop constraint if exists ${SETTLING}`);
    throw error;
  }
  return `gave bounds to ${old}: ${name}`;
}

interface Bounds {
  /** Null if no partition is older. */
  readonly lower: string | null;
  readonly upper: string;
  readonly name: string;
}

async function boundsFor(client: pg.Client, table: string): Promise<Bounds> {
  const { rows } = await client.query<Bounds>(
    `select (select max(p.upper)::text from ${partitionsOf(`'${table}'`)} p) as lower, upper::text,
       '${table}_until_' || to_char(upper, 'YYYYMMDD') as name
     from (select date_trunc('week', greatest(now(), (select max(at) from ${table}_default))) + interval '14 days' as upper) week`,
  );
  const [bounds] = rows;
  if (!bounds) throw new Error('A select without from returned no row.');
  return bounds;
}
