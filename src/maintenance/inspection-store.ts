import type { Queryable } from '../core/ports.ts';
import { PROBE_NAME, type Database } from '../db/database.ts';
import { FINDS_TABLES } from '../db/migrate.ts';

/** Reads from the database what `gatehouse doctor` checks. Nothing here writes. */

export interface ServerFacts {
  readonly version: string;
  readonly versionNumber: number;
  readonly encrypted: boolean;
  readonly readOnly: boolean;
  readonly role: string;
  readonly searchPath: string;
  readonly findsTables: boolean;
  /** Milliseconds since the epoch. */
  readonly clock: number;
}

export async function serverFacts(db: Queryable): Promise<ServerFacts | undefined> {
  const [row] = await db.query<ServerFacts>(
    `select current_setting('server_version') as version,
       current_setting('server_version_num')::int as "versionNumber",
       coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted,
       pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' as "readOnly",
       current_user::text as role, current_setting('search_path') as "searchPath", ${FINDS_TABLES} as "findsTables",
       (extract(epoch from clock_timestamp()) * 1000)::float8 as clock`,
  );
  return row;
}

/** Sorts more than the memory it may use, so that Postgres needs its disk. Changes nothing. @throws 53100 if that is full */
export const spillToDisk = (db: Pick<Database, 'transaction'>): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.query(`set local work_mem = '64kB'`);
    await tx.query(
      'select count(*) from (select n from generate_series(1, 20000) n order by -n offset 0) sorted',
    );
  });

/** The releases of the processes that are connected now, as their probing sessions name them. */
export async function connectedReleases(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ release: string }>(
    `select distinct substr(application_name, ${PROBE_NAME.length + 2}) as release from pg_stat_activity
     where datname = current_database() and application_name like '${PROBE_NAME} %' order by 1`,
  );
  return rows.map(({ release }) => release);
}

export interface RoleFacts {
  readonly role: string;
  readonly superuser: boolean;
  /** True if the role owns tables, so that it can change and empty all of them. */
  readonly owner: boolean;
  readonly createsTables: boolean;
  /** Privileges on the audit trail that would let it erase records. */
  readonly erases: readonly string[];
}

/** Returns undefined if the database lacks migrations. */
export async function roleFacts(db: Queryable): Promise<RoleFacts | undefined> {
  const [row] = await db.query<RoleFacts>(
    `select current_user::text as role,
       (select rolsuper from pg_roles where rolname = current_user) as superuser,
       pg_has_role(current_user, relowner, 'member') as owner,
       has_schema_privilege('public', 'create') as "createsTables",
       array(select p from unnest(array['update', 'delete', 'truncate']) p
             where has_table_privilege(oid, p)) as erases
     from pg_class where relname = 'audit_trail' and relnamespace = to_regnamespace('public')`,
  );
  return row;
}

/** True if a later release has migrated the database. @param last the time of this release's last migration */
export async function isMigratedFurther(db: Queryable, last: number): Promise<boolean> {
  const [row] = await db.query<{ further: boolean }>(
    'select coalesce(max(created_at) > $1, false) as further from drizzle.__drizzle_migrations',
    [last],
  );
  return row?.further ?? false;
}

/** The prefix that the database was first used with. */
export async function storedPrefix(db: Queryable): Promise<string | undefined> {
  const [row] = await db.query<{ value: string }>(
    `select value from settings where name = 'workos_external_id_prefix'`,
  );
  return row?.value;
}

export interface WorkFacts {
  /** Null if no worker leads. */
  readonly leaseLeft: number | null;
  /** Seconds since the feed was last read to its end, and since the last event came. Null: never. */
  readonly readAge: number | null;
  readonly eventAge: number | null;
  /** How many of the last hundred fresh events of WorkOS came by polling, in how many different minutes, and how many by a webhook. */
  readonly polled: number;
  readonly pollingMinutes: number;
  readonly delivered: number;
  /** Days since the oldest event that retention deletes was received. */
  readonly oldestDays: number | null;
}

/** Leaves out events that came late, such as those from before the first start: no webhook brings them. */
const LAST_EVENTS = `select source, date_trunc('minute', received_at) as minute from events
  where source <> 'gatehouse' and received_at > now() - interval '7 days'
    and received_at < created_at + interval '2 minutes'
  order by received_at desc limit 100`;

export async function workFacts(db: Queryable): Promise<WorkFacts | undefined> {
  const [row] = await db.query<WorkFacts>(
    `select
       (select extract(epoch from until - now())::float8 from leases
        where name = 'worker' and holder is not null and until > now()) as "leaseLeft",
       (select extract(epoch from now() - read_at)::float8 from feed_cursors
        where feed = 'workos') as "readAge",
       (select extract(epoch from now() - max(received_at))::float8 from events
        where source <> 'gatehouse') as "eventAge",
       (select count(*)::int from (${LAST_EVENTS}) one where source = 'feed') as polled,
       (select count(distinct minute)::int from (${LAST_EVENTS}) one where source = 'feed') as "pollingMinutes",
       (select count(*)::int from (${LAST_EVENTS}) one where source = 'webhook') as delivered,
       (select extract(epoch from now() - received_at)::float8 / 86400 from events
        where position is not null and parked_at is null order by received_at limit 1) as "oldestDays"`,
  );
  return row;
}

export const registeredEndpoints = (
  db: Queryable,
): Promise<{ id: string; clientId: string; endpointUrl: string }[]> =>
  db.query(
    `select id, client_id as "clientId", endpoint_url as "endpointUrl" from webhook_endpoints
     where status = 'enabled' order by id limit 1000`,
  );

/** Returns the client of an endpoint. */
export async function ownerOf(db: Queryable, endpointId: string): Promise<string | undefined> {
  const [row] = await db.query<{ clientId: string }>(
    'select client_id as "clientId" from webhook_endpoints where id = $1',
    [endpointId],
  );
  return row?.clientId;
}
