import type { TenantStatus } from '../core/identity.ts';
import type { Queryable } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { fromPostgres } from '../db/problems.ts';

export interface FoundTenant {
  readonly id: string;
  readonly name: string;
  readonly status: TenantStatus;
  readonly organizationId: string | null;
  readonly createdAt: Date;
}

export interface FoundTenants {
  readonly tenants: readonly FoundTenant[];
  /** True if there are more than these. */
  readonly hasMore: boolean;
  /** True if names could not be searched in time; ids, domains and organizations were. */
  readonly isCutShort: boolean;
}

const PAGE = 50;

const COLUMNS = `id, name, status, organization_id as "organizationId", created_at as "createdAt"`;

const NEWEST = {
  name: 'console-tenants',
  text: `select ${COLUMNS} from tenants
    where status <> 'deleted' and ($1::text is null or (created_at, id) < (select created_at, id from tenants where id = $1))
    order by created_at desc, id desc limit ${PAGE + 1}`,
};
const NEWEST_OF_STATUS = {
  name: 'console-tenants-of-status',
  text: `select ${COLUMNS} from tenants
    where status = $2 and ($1::text is null or (created_at, id) < (select created_at, id from tenants where id = $1))
    order by created_at desc, id desc limit ${PAGE + 1}`,
};

/** Each part is answered by an index. Deleted tenants are found by their whole id only. */
const BY_KEY = {
  name: 'console-tenants-by-key',
  text: `select ${COLUMNS} from (
      select *, 0 as rank from tenants where id = $1
      union all select *, 1 from tenants where organization_id = $1 or former_organization_id = $1
      union all select *, 2 from tenants where status <> 'deleted'
        and lower(domains::text)::jsonb @> jsonb_build_array(jsonb_build_object('domain', lower($1)))
      union all (select *, 3 from tenants where status <> 'deleted' and id > $1 and id < $1 || '~'
        order by id limit ${PAGE + 1})) found
    where $2::text is null or status = $2 order by rank, id limit ${PAGE + 1}`,
};

/** Without an order, so that common parts of names are found at once, and rare ones by the index of their letters. */
const BY_NAME = `select ${COLUMNS} from tenants
  where status <> 'deleted' and lower(name) like '%' || regexp_replace(lower($1), '([\\\\%_])', '\\\\\\1', 'g') || '%'
    and ($2::text is null or status = $2) limit ${PAGE + 1}`;
/** A million names are compared within a second, if no index helps. */
const NAME_MS = 1_000;

/** The newest tenants. @param after the last id of the page before */
export async function listTenants(
  db: Queryable,
  status: string | undefined,
  after: string | undefined,
): Promise<FoundTenants> {
  const rows = await (status === undefined
    ? db.query<FoundTenant>(NEWEST, [after])
    : db.query<FoundTenant>(NEWEST_OF_STATUS, [after, status]));
  return found(rows, false);
}

/** Finds tenants by their id or its beginning, their organization, a domain, or a part of their name. */
export async function searchTenants(
  db: Database,
  text: string,
  status: string | undefined,
): Promise<FoundTenants> {
  const byKey = await db.query<FoundTenant>(BY_KEY, [text, status]);
  if (byKey.length > PAGE) return found(byKey, false);
  const byName = await searchNames(db, text, status);
  const known = new Set(byKey.map(({ id }) => id));
  const others = (byName ?? []).filter(({ id }) => !known.has(id));
  return found([...uniqueById(byKey), ...others], byName === undefined);
}

/** Returns undefined if it takes too long. */
async function searchNames(
  db: Database,
  text: string,
  status: string | undefined,
): Promise<FoundTenant[] | undefined> {
  try {
    return await db.transaction(async (tx) => {
      await tx.query(
        `set local statement_timeout = ${NAME_MS}; set local max_parallel_workers_per_gather = 0`,
      );
      return tx.query<FoundTenant>(BY_NAME, [text, status]);
    });
  } catch (error) {
    if (fromPostgres(error)?.slug === 'dependency-timeout') return undefined;
    throw error;
  }
}

const found = (rows: readonly FoundTenant[], isCutShort: boolean): FoundTenants => ({
  tenants: rows.slice(0, PAGE),
  hasMore: rows.length > PAGE,
  isCutShort,
});

const uniqueById = (rows: readonly FoundTenant[]): FoundTenant[] => [
  ...new Map(rows.map((row) => [row.id, row])).values(),
];

/** What the page of one tenant shows of its row. */
export interface TenantFacts extends FoundTenant {
  readonly domains: readonly { readonly domain: string; readonly state: string }[];
  readonly signInClientId: string | null;
  readonly formerStatus: TenantStatus | null;
  readonly formerOrganizationId: string | null;
  readonly missingSince: Date | null;
  readonly updatedAt: Date;
  /** When a change was sent to WorkOS whose outcome is unknown. Null if there is none. */
  readonly unsureSince: Date | null;
}

export async function readTenant(db: Queryable, id: string): Promise<TenantFacts | undefined> {
  const [row] = await db.query<TenantFacts>(
    `select ${COLUMNS}, domains, sign_in_client_id as "signInClientId", former_status as "formerStatus",
       former_organization_id as "formerOrganizationId", missing_since as "missingSince", updated_at as "updatedAt",
       case when profile_unsure is not null then profile_unsure_since end as "unsureSince"
     from tenants where id = $1`,
    [id],
  );
  return row;
}
