import type pg from 'pg';
import { PARTITIONED, RETENTION_RULES } from './retention-rules.ts';

/** Rows per call: no call comes near the statement timeout of the service. */
export const PRUNED_AT_ONCE = 2_000;
const WEEKS_AHEAD = 6;
/** Key of the advisory lock of `migrate` and of whoever gives bounds to a default partition. */
export const MIGRATION_LOCK = 7_201_900_113;
/** The constraint that a default partition has while it gets bounds. */
export const SETTLING = 'settling';

export interface Policy {
  /** The retention. The service may ask for a longer one, never for a shorter one. */
  readonly days: number;
  /** The role of the service, quoted. Undefined if it is the owner itself. */
  readonly role: string | undefined;
}

/**
 * Creates the functions by which the service maintains tables that it may not change. They run as the owner, take
 * no name or text from the caller, and delete only what is older than the retention that the owner set. So someone
 * who controls the service cannot erase records with them.
 */
export async function installMaintenance(client: pg.Client, { days, role }: Policy): Promise<void> {
  for (const [signature, text] of Object.entries(functionsFor(days))) {
    await client.query(text);
    await client.query(`revoke all on function ${signature} from public`);
    if (role !== undefined) await client.query(`grant execute on function ${signature} to ${role}`);
  }
}

/** `pg_temp` last: a temporary table of the caller must not stand for one of ours. */
const AS_OWNER = `security definer set search_path = public, pg_temp set lock_timeout = '250ms' set timezone = 'UTC'`;

const functionsFor = (days: number): Readonly<Record<string, string>> => ({
  'prune_batch(text, integer)': `create or replace function prune_batch(what text, at_least integer) returns integer
    language plpgsql ${AS_OWNER} as $$
    declare kept integer := greatest(at_least, ${days}); part text; deleted integer := 0; more integer;
    begin
      case what
        ${Object.keys(RETENTION_RULES).map(pruneTable).join('\n')}
        ${PARTITIONED.map(prunePartitions).join('\n')}
      end case;
      return deleted;
    end $$`,
  'keep_partitions(integer)': `create or replace function keep_partitions(at_least integer) returns text
    language plpgsql ${AS_OWNER} as $$
    declare kept integer := greatest(at_least, ${days}); parent text; part text; first timestamptz; is_used boolean;
    begin
      if not pg_try_advisory_xact_lock(${MIGRATION_LOCK}) then return null; end if;
      foreach parent in array array[${PARTITIONED.map((name) => `'${name}'`).join(', ')}] loop
        ${KEEP_ONE}
      end loop;
      return null;
    end $$`,
  'partition_state()': `create or replace function partition_state()
    returns table (name text, ends timestamptz, is_default_used boolean) language plpgsql ${AS_OWNER} as $$
    begin
      foreach name in array array[${PARTITIONED.map((table) => `'${table}'`).join(', ')}] loop
        select max(p.upper) into ends from ${partitionsOf('name')} p;
        execute format('select exists (select from %I)', name || '_default') into is_default_used;
        return next;
      end loop;
    end $$`,
});

const batch = (table: string, at: string, days: string, where: string): string =>
  `delete from ${table} where ctid = any(array(
    select ctid from ${table} where ${at} < now() - make_interval(days => ${days}) and ${where}
    order by ${at} limit ${PRUNED_AT_ONCE} for update skip locked))`;

function pruneTable(table: string): string {
  const { at, days = 'kept', where = 'true' } = RETENTION_RULES[table] ?? { at: 'at' };
  return `when '${table}' then ${batch(table, at, days, where)}; get diagnostics deleted = row_count;`;
}

/** Deletes from the partitions that are longer than a week; those of a week are dropped. */
const prunePartitions = (table: string): string => `when '${table}' then
  for part in select p.name from ${partitionsOf(`'${table}'`)} p where p.upper is null or p.name ~ '_until_' loop
    execute format('${batch('%1$I', 'at', '%2$s', 'true')}', part, kept);
    get diagnostics more = row_count; deleted := deleted + more;
  end loop;`;

/** SQL: the partitions of a table. `upper` is null for the default partition. */
export const partitionsOf = (table: string): string => `(select c.relname::text as name,
    substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''([^'']+)''\\)')::timestamptz as upper
  from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = (${table})::regclass)`;

/** Does one thing for `parent`, and returns what: the locks of a call are held for milliseconds. */
const KEEP_ONE = `
  if exists (select from pg_constraint where conrelid = (parent || '_default')::regclass and conname = '${SETTLING}') then
    execute format('alter table %I drop constraint ${SETTLING}', parent || '_default');
    return format('freed %s_default, whose bounds were left unfinished', parent);
  end if;
  select p.name into part from ${partitionsOf('parent')} p
    where p.upper <= now() - make_interval(days => kept) order by p.upper limit 1;
  if part is not null then
    execute format('drop table %I', part);
    return format('dropped %s', part);
  end if;
  select max(p.upper) into first from ${partitionsOf('parent')} p;
  execute format('select exists (select from %I)', parent || '_default') into is_used;
  if not is_used and first is null then
    first := date_trunc('week', now()) + interval '7 days';
    part := parent || '_until_' || to_char(first, 'YYYYMMDD');
    execute format('create table %I partition of %I for values from (minvalue) to (%L)', part, parent, first);
    return format('created %s', part);
  end if;
  first := greatest(first, date_trunc('week', now()));
  if not is_used and first < now() + interval '${WEEKS_AHEAD} weeks' then
    part := parent || '_' || to_char(first, 'YYYYMMDD');
    execute format('create table %I partition of %I for values from (%L) to (%L)', part, parent, first, first + interval '7 days');
    return format('created %s', part);
  end if;`;

/** The names of the functions. */
export const MAINTENANCE_FUNCTIONS: readonly string[] = Object.keys(functionsFor(0)).map(
  (signature) => signature.slice(0, signature.indexOf('(')),
);
