import { recordIn } from '../audit-trail/writer.ts';
import type { Queryable } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import { MAX_MISSING_AT_ONCE } from '../tenants/missing/missing-store.ts';
import type { MappedOrganization } from '../tenants/organizations/organization.ts';
import type { Organizations } from '../tenants/organizations/organizations.ts';

/** A difference between a restored database and WorkOS about one tenant, and how it was resolved. */
export interface MapRepair {
  readonly tenantId: string;
  readonly organizationId: string;
  readonly what:
    | 'mapped again'
    | 'mapped again, suspended'
    | 'seen again'
    | 'is orphaned'
    | 'left to a person';
}

/**
 * Rebuilds the tenant map from our marks at WorkOS. A tenant that was provisioned after the backup is
 * mapped again; one whose organization was deleted since is orphaned. Ambiguous cases (two organizations
 * for one tenant, an organization marked for a deleted tenant) are reported as `left to a person`.
 */
export async function rebuildTenantMap(
  db: Database,
  organizations: Pick<Organizations, 'externalIdOf' | 'find'>,
  seen: ReadonlyMap<string, MappedOrganization>,
  actor: Actor,
): Promise<MapRepair[]> {
  const mended: MapRepair[] = [];
  for (const organization of seen.values()) {
    const tenantId = ownTenant(organization, organizations);
    if (tenantId === undefined) continue;
    const what = await mapAgain(db, tenantId, organization, actor);
    if (what) mended.push({ tenantId, organizationId: organization.id, what });
  }
  return [...mended, ...(await orphanTheRest(db, organizations, seen, actor))];
}

const MAPPED = `organization_id is not null and status in ('active', 'suspended')`;

/**
 * Reads all organizations at WorkOS, by id.
 *
 * @throws Problem `upstream-rejected` if too many mapped organizations are missing: the key is probably
 * another environment's
 */
export async function readOrganizations(
  db: Database,
  organizations: Pick<Organizations, 'all'>,
  onProgress: (organizations: number) => void,
): Promise<ReadonlyMap<string, MappedOrganization>> {
  const seen = new Map<string, MappedOrganization>();
  for await (const organization of organizations.all()) {
    seen.set(organization.id, organization);
    if (seen.size % 100 === 0) onProgress(seen.size);
  }
  const mapped = await db.query<{ id: string }>(
    `select organization_id as id from tenants where ${MAPPED}`,
  );
  const lacking = mapped.filter(({ id }) => !seen.has(id)).length;
  if (
    lacking > MAX_MISSING_AT_ONCE ||
    (lacking > 0 && lacking === mapped.length && seen.size === 0)
  )
    throw new Problem(
      'upstream-rejected',
      `WorkOS lists ${seen.size} organizations, without ${lacking} of the ${mapped.length} mapped ones. Check that WORKOS_API_KEY belongs to this environment. Nothing was changed.`,
    );
  return seen;
}

/** Returns the tenant that both our mark and the external id name, or undefined. */
const ownTenant = (
  { markedFor, externalId }: MappedOrganization,
  { externalIdOf }: Pick<Organizations, 'externalIdOf'>,
): string | undefined =>
  markedFor !== undefined && externalId === externalIdOf(markedFor) ? markedFor : undefined;

function mapAgain(
  db: Database,
  tenantId: string,
  organization: MappedOrganization,
  actor: Actor,
): Promise<MapRepair['what'] | undefined> {
  return db.transaction(async (tx) => {
    const [known] = await tx.query<{ organizationId: string | null; status: string }>(
      `select organization_id as "organizationId", status from tenants where id = $1 for update`,
      [tenantId],
    );
    if (known?.organizationId === organization.id && known.status !== 'deleted')
      return known.status === 'orphaned' ? seenAgain(tx, tenantId, actor) : undefined;
    if (known && known.status !== 'provisioning') return 'left to a person';
    await tx.query(
      `insert into tenants (id, organization_id, status, name, domains, metadata)
       values ($1, $2, 'suspended', $3, $4, '{}')
       on conflict (id) do update set organization_id = $2, status = case tenants.former_status when 'suspended' then 'suspended' else 'active' end, former_status = null, missing_since = null,
         attempt = null, lease_until = null, request = null, updated_at = now()`,
      [tenantId, organization.id, organization.name, JSON.stringify(organization.domains)],
    );
    // The backup cannot know whether a tenant that it lacks was stopped.
    const what = known ? 'mapped again' : MAPPED_SUSPENDED;
    await record(tx, tenantId, actor, what);
    return what;
  });
}

const MAPPED_SUSPENDED = 'mapped again, suspended';

/**
 * Returns the tenants that an earlier run suspended and nobody has changed since. If that run was interrupted, nobody
 * was told of them.
 */
export async function stillSuspended(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from tenants t where status = 'suspended' and exists (select from audit_trail a
       where a.tenant_id = t.id and a.at >= t.updated_at and a.details->>'restored' = $1)
     order by id`,
    [MAPPED_SUSPENDED],
  );
  return rows.map(({ id }) => id);
}

/** If no release stored the former status, the tenant may have been suspended. */
async function seenAgain(tx: Queryable, tenantId: string, actor: Actor): Promise<'seen again'> {
  await tx.query(
    `update tenants set status = coalesce(former_status, 'suspended'), former_status = null,
       missing_since = null, updated_at = now() where id = $1`,
    [tenantId],
  );
  await record(tx, tenantId, actor, 'seen again');
  return 'seen again';
}

async function orphanTheRest(
  db: Database,
  organizations: Pick<Organizations, 'find'>,
  seen: ReadonlyMap<string, unknown>,
  actor: Actor,
): Promise<MapRepair[]> {
  const rows = await db.query<{ id: string; organizationId: string }>(
    `select id, organization_id as "organizationId" from tenants
     where ${MAPPED}`,
  );
  const gone = [];
  for (const row of rows)
    if (!seen.has(row.organizationId) && !(await organizations.find(row.organizationId)))
      gone.push(row);
  for (const { id } of gone)
    await db.transaction(async (tx) => {
      await tx.query(
        `update tenants set status = 'orphaned', former_status = status, missing_since = now(),
           updated_at = now() where id = $1 and ${MAPPED}`,
        [id],
      );
      await record(tx, id, actor, 'is orphaned');
    });
  return gone.map(({ id, organizationId }) => ({
    tenantId: id,
    organizationId,
    what: 'is orphaned' as const,
  }));
}

const record = (tx: Queryable, tenantId: string, actor: Actor, what: MapRepair['what']) =>
  recordIn(tx, { actor, outcome: 'succeeded', tenantId, details: { restored: what } });
