import type { TenantStatus } from '../../core/identity.ts';
import type { Queryable } from '../../core/ports.ts';

const STATUSES: readonly TenantStatus[] = [
  'provisioning',
  'active',
  'suspended',
  'orphaned',
  'conflict',
  'deleting',
  'deleted',
];

/** Counts as many by the index. Beyond, Postgres's own statistics are near enough, and take no time. */
const COUNT_UP_TO = 100_000;

const countsUpTo = (most: number): string => `with counted as (
      select s.status, (select count(*) from (
          select from tenants t where t.status = s.status limit ${most}) as matching) as exact
      from unnest($1::text[]) as s (status)),
    estimated as (
      select u.status, u.part * (select reltuples from pg_class where oid = 'tenants'::regclass) as rows
      from pg_stats p, unnest(p.most_common_vals::text::text[], p.most_common_freqs) as u (status, part)
      where p.schemaname = current_schema() and p.tablename = 'tenants' and p.attname = 'status')
    select c.status, case when c.exact < ${most} then c.exact::float8
        else greatest(c.exact, coalesce(e.rows, 0))::float8 end as count
    from counted c left join estimated e on e.status = c.status`;

/**
 * Returns the tenants by status, each status with at least 0.
 *
 * @param most numbers above are estimates
 */
export async function countTenants(
  db: Queryable,
  most = COUNT_UP_TO,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query<{ status: string; count: number }>(countsUpTo(most), [STATUSES]);
  return new Map(rows.map(({ status, count }) => [status, Math.round(count)]));
}
