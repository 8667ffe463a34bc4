import type pg from 'pg';
import type { Queryable } from '../core/ports.ts';
import { JOB_SCHEMA } from './job-statements.ts';
import { MAINTENANCE_FUNCTIONS } from './maintenance-functions.ts';

/**
 * Privileges of the runtime role, by table. It owns nothing and cannot create objects. On the audit
 * trail it may only insert, so that an attacker who controls the process cannot erase records.
 */
export const GRANTS: Readonly<Record<string, string>> = {
  settings: 'select, insert',
  clients: 'select, insert, update, delete',
  client_keys: 'select, insert, update, delete',
  tenants: 'select, insert, update',
  it_admins: 'select, insert, update, delete',
  portal_launches: 'select, insert, update',
  launch_mails: 'select, insert, update',
  idempotency_keys: 'select, insert, update, delete',
  spent_codes: 'select, insert, update, delete',
  sign_ins: 'select, insert, update, delete',
  owned_objects: 'select, insert, update, delete',
  events: 'select, insert, update',
  feed_blocks: 'select, insert, update',
  unreadable_events: 'select, insert, update, delete',
  leases: 'select, insert, update',
  feed_cursors: 'select, insert, update',
  mirror: 'select, insert, update',
  mirror_reads: 'select, insert, update',
  webhook_endpoints: 'select, insert, update, delete',
  webhook_messages: 'select, insert, update, delete',
  webhook_attempts: 'select, insert',
  audit_trail: 'select, insert',
  upstream_buckets: 'select, insert, update, delete',
  upstream_processes: 'select, insert, update, delete',
  upstream_holds: 'select, insert, update, delete',
  rate_limits: 'select, insert, update, delete',
  console_sessions: 'select, insert, update, delete',
  tenant_occurrences: 'select, insert, update',
};

/** Privileges outside the `public` schema. */
const OTHER_GRANTS: Readonly<Record<string, string>> = {
  'drizzle.__drizzle_migrations': 'select',
};

/**
 * Functions of the job queue that the service calls. Everybody may call a new function unless the database's
 * administrator has changed that (`alter default privileges`).
 */
const JOB_FUNCTIONS = ['job_now', 'take_due_jobs'];

export interface GrantOptions {
  /** False if a later release has migrated the database, whose grants must stay. */
  readonly mayRevoke: boolean;
}

/**
 * Grants missing privileges to the runtime role and revokes surplus ones, on all existing tables. Call
 * it in a transaction, so that nobody sees it half done. Correct privileges are not touched.
 *
 * @throws Error if the role does not exist. Gatehouse does not create database users.
 */
export async function applyGrants(
  client: pg.Client,
  role: string,
  { mayRevoke }: GrantOptions,
): Promise<void> {
  const name = await grantee(client, role);
  if (name === undefined) return;
  await client.query('revoke create on schema public from public');
  await client.query(`grant usage on schema public, drizzle, ${JOB_SCHEMA} to ${name}`);
  const { rows: tables } = await client.query<TablePrivileges>(TABLE_PRIVILEGES, [
    role,
    JOB_SCHEMA,
  ]);
  for (const statement of tables.flatMap((table) => changes(table, name, mayRevoke)))
    await client.query(statement);
  const { rows: functions } = await client.query<{ signature: string }>(
    `select oid::regprocedure::text as signature from pg_proc where pronamespace = to_regnamespace($2)
       and proname = any($3) and not has_function_privilege($1, oid, 'execute')`,
    [role, JOB_SCHEMA, JOB_FUNCTIONS],
  );
  for (const { signature } of functions)
    await client.query(`grant execute on function ${signature} to ${name}`);
}

/** Returns the quoted name of the role, or undefined if it is the owner, who has all privileges. @throws Error if it does not exist */
export async function grantee(client: pg.Client, role: string): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string; owner: boolean }>(
    'select quote_ident(rolname) as name, rolname = current_user as owner from pg_roles where rolname = $1',
    [role],
  );
  const [found] = rows;
  if (!found)
    throw new Error(
      `The database has no role "${role}" (the user of DATABASE_URL); create it first.`,
    );
  return found.owner ? undefined : found.name;
}

/** A table and the role's privileges on it. */
interface TablePrivileges {
  readonly schema: string;
  readonly table: string;
  /** Rows of a partition are read and written through its table, whose privileges hold for them. */
  readonly isPartition: boolean;
  readonly privileges: readonly string[];
}

const TABLE_PRIVILEGES = `select n.nspname as schema, c.relname as table, c.relispartition as "isPartition", array(
    select lower(a.privilege_type) from aclexplode(c.relacl) a, pg_roles r
    where r.oid = a.grantee and r.rolname = $1)::text[] as privileges
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname in ('public', 'drizzle', $2)`;

function changes(
  { schema, table, isPartition, privileges }: TablePrivileges,
  role: string,
  mayRevoke: boolean,
): string[] {
  const wanted = wantedOn(schema, table, isPartition);
  if (wanted === undefined) return [];
  const missing = wanted.filter((privilege) => !privileges.includes(privilege));
  const tooMany = privileges.filter((privilege) => !wanted.includes(privilege));
  const on = `on "${schema}"."${table}"`;
  return [
    ...(missing.length > 0 ? [`grant ${missing.join(', ')} ${on} to ${role}`] : []),
    ...(mayRevoke && tooMany.length > 0 ? [`revoke ${tooMany.join(', ')} ${on} from ${role}`] : []),
  ];
}

/** Returns undefined for a table that is not ours. */
function wantedOn(schema: string, table: string, isPartition: boolean): string[] | undefined {
  if (schema === JOB_SCHEMA) return ['select', 'insert', 'update', 'delete'];
  if (schema !== 'public') return OTHER_GRANTS[`${schema}.${table}`]?.split(', ');
  return isPartition ? [] : GRANTS[table]?.split(', ');
}

const LACKING_ON_TABLES = `select n.nspname as schema, c.relname as table, c.relispartition as "isPartition", array(
    select privilege from unnest(array['select', 'insert', 'update', 'delete']) privilege
    where not has_table_privilege(c.oid, privilege)) as privileges
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname in ('public', 'drizzle', $1)`;
const LACKING_ELSEWHERE = `select 'schema ' || nspname as name, 'usage' as privilege from pg_namespace
    where nspname in ('public', 'drizzle', $1) and not has_schema_privilege(oid, 'usage')
  union all
  select 'function ' || called.prefix || proname, 'execute' from pg_proc
    join (values ('public', '', $2::text[]), ($1, $1 || '.', $3)) called (schema, prefix, names)
      on pronamespace = to_regnamespace(called.schema) and proname = any(called.names)
    where not has_function_privilege(oid, 'execute')`;

/**
 * Returns what the role of the session may not do although this release needs it, e.g. `tenants (insert, update)`.
 * Names no table that is missing.
 */
export async function lackingPrivileges(db: Queryable): Promise<string[]> {
  const tables = await db.query<TablePrivileges>(LACKING_ON_TABLES, [JOB_SCHEMA]);
  const others = await db.query<{ name: string; privilege: string }>(LACKING_ELSEWHERE, [
    JOB_SCHEMA,
    MAINTENANCE_FUNCTIONS,
    JOB_FUNCTIONS,
  ]);
  const onTables = tables.flatMap(({ schema, table, isPartition, privileges }) => {
    const lacking = wantedOn(schema, table, isPartition)?.filter((one) => privileges.includes(one));
    if (!lacking?.length) return [];
    return [`${schema === 'public' ? '' : `${schema}.`}${table} (${lacking.join(', ')})`];
  });
  return [...onTables, ...others.map(({ name, privilege }) => `${name} (${privilege})`)].sort();
}
