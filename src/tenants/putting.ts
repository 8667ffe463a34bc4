import type { AuditRow } from '../audit-trail/writer.ts';
import type { Actor } from '../identity.ts';
import type { Changes } from './changes.ts';
import { requireAdoptable, type Organizations } from './organizations.ts';
import { merged, profileOf, type PutTenant } from './profile.ts';
import type { Provisioning } from './provisioning.ts';
import { notUsable, organizationConflict, tenantDeleted } from './status.ts';
import type { ClaimRequest, TenantRow, TenantStore } from './store.ts';

export interface PuttingDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
  readonly provisioning: Provisioning;
  readonly change: Changes['change'];
}

/** Puts a tenant, whatever there is of it already: nothing, a claim, or the tenant itself. */
export function createPutting({ tenants, organizations, provisioning, change }: PuttingDeps) {
  const put = async (
    id: string,
    body: PutTenant,
    actor: Actor,
  ): Promise<{ status: 200 | 201; row: TenantRow }> => {
    const claim = provisioning.newClaim(id);
    const request = await adoptionOf(id, body);
    const attempted: AuditRow = { actor, outcome: 'attempted', tenantId: id };
    if (await tenants.claimNew(claim, profileOf(body), request, attempted)) {
      return {
        status: 201,
        row: await provisioning.finish(claim, profileOf(body), request, actor),
      };
    }
    return { status: 200, row: await putExisting(id, body, request, actor) };
  };

  const putExisting = async (
    id: string,
    body: PutTenant,
    request: ClaimRequest,
    actor: Actor,
  ): Promise<TenantRow> => {
    const row = await tenants.byId(id);
    if (!row || row.status === 'deleted' || row.status === 'deleting') throw tenantDeleted();
    if (row.status === 'provisioning' && !provisioning.isAbandoned(row)) {
      return putExistingRow(await provisioning.settled(id), body, request, actor);
    }
    return putExistingRow(row, body, request, actor);
  };

  const putExistingRow = async (
    row: TenantRow,
    body: PutTenant,
    request: ClaimRequest,
    actor: Actor,
  ): Promise<TenantRow> => {
    if (row.status === 'active' || row.status === 'suspended') {
      if (
        body.workos_organization_id !== undefined &&
        body.workos_organization_id !== row.organizationId
      ) {
        throw organizationConflict('The tenant is mapped to another organization.');
      }
      return change(row, body, actor);
    }
    // A person decides about `conflict` and `orphaned`, by naming the organization.
    if (row.status !== 'provisioning' && request === null) throw notUsable(row);
    const claim = provisioning.newClaim(row.id);
    const profile = merged(row, body);
    const attempted: AuditRow = { actor, outcome: 'attempted', tenantId: row.id };
    if (await tenants.takeOver(claim, row, profile, request ?? row.request, attempted)) {
      return provisioning.finish(claim, profile, request ?? row.request, actor);
    }
    return putExisting(row.id, body, request, actor);
  };

  /** Refused before anything is written, so that a wrong organization id leaves nothing behind. */
  const adoptionOf = async (
    id: string,
    { workos_organization_id: organizationId }: PutTenant,
  ): Promise<ClaimRequest> => {
    if (organizationId === undefined) return null;
    const known = await tenants.facts(id);
    const own = known?.organizationId === organizationId;
    if (own && known.status !== 'orphaned' && known.status !== 'conflict') return null;
    if (!own && (await tenants.isMapped(organizationId)))
      throw organizationConflict('The organization is mapped to another tenant.');
    const found = await organizations.find(organizationId);
    if (!found) throw organizationConflict('WorkOS does not know this organization.');
    requireAdoptable(found, id, organizations.externalIdOf(id));
    return { adopt: organizationId };
  };

  return put;
}
