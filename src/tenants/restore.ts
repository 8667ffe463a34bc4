import { recordIn } from '../audit-trail/writer.ts';
import type { Database, Queryable } from '../db/database.ts';
import type { Actor } from '../identity.ts';
import type { MappedOrganization, Organizations } from './organizations.ts';

/** What a restored database had wrong about one tenant, and what was done. */
export interface Mended {
  readonly tenantId: string;
  readonly organizationId: string;
  readonly what: 'mapped again' | 'is orphaned' | 'left to a person';
}

/**
 * Rebuilds the map from our marks at WorkOS: a tenant that was provisioned after the backup is
 * mapped again, one whose organization was deleted after it is orphaned. What a backup cannot
 * decide (two organizations for one tenant, one that is marked for a deleted tenant) is left to a person.
 */
export async function rebuildMap(
  db: Database,
  organizations: Pick<Organizations, 'all' | 'externalIdOf'>,
  actor: Actor,
  onProgress: (organizations: number) => void,
): Promise<Mended[]> {
  const seen = new Set<string>();
  const mended: Mended[] = [];
  for await (const organization of organizations.all()) {
    seen.add(organization.id);
    if (seen.size % 100 === 0) onProgress(seen.size);
    const tenantId = ownTenant(organization, organizations);
    if (tenantId === undefined) continue;
    const what = await mapAgain(db, tenantId, organization, actor);
    if (what) mended.push({ tenantId, organizationId: organization.id, what });
  }
  return [...mended, ...(await orphanTheRest(db, seen, actor))];
}

/** Marked by us, and for the tenant that its external id names too. */
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
): Promise<Mended['what'] | undefined> {
  return db.transaction(async (tx) => {
    const [known] = await tx.query<{ organizationId: string | null; status: string }>(
      `select organization_id as "organizationId", status from tenants where id = $1 for update`,
      [tenantId],
    );
    if (known?.organizationId === organization.id) return undefined;
    if (known && known.status !== 'provisioning') return 'left to a person';
    await tx.query(
      `insert into tenants (id, organization_id, status, name, domains, metadata)
       values ($1, $2, 'active', $3, $4, '{}')
       on conflict (id) do update set organization_id = $2, status = 'active', attempt = null,
         lease_until = null, request = null, updated_at = now()`,
      [tenantId, organization.id, organization.name, JSON.stringify(organization.domains)],
    );
    await record(tx, tenantId, actor, 'mapped again');
    return 'mapped again';
  });
}

async function orphanTheRest(
  db: Database,
  seen: ReadonlySet<string>,
  actor: Actor,
): Promise<Mended[]> {
  const rows = await db.query<{ id: string; organizationId: string }>(
    `select id, organization_id as "organizationId" from tenants
     where organization_id is not null and status in ('active', 'suspended')`,
  );
  const gone = rows.filter(({ organizationId }) => !seen.has(organizationId));
  for (const { id } of gone)
    await db.transaction(async (tx) => {
      await tx.query(`update tenants set status = 'orphaned', updated_at = now() where id = $1`, [
        id,
      ]);
      await record(tx, id, actor, 'is orphaned');
    });
  return gone.map(({ id, organizationId }) => ({
    tenantId: id,
    organizationId,
    what: 'is orphaned' as const,
  }));
}

const record = (tx: Queryable, tenantId: string, actor: Actor, what: Mended['what']) =>
  recordIn(tx, { actor, outcome: 'succeeded', tenantId, details: { restored: what } });
