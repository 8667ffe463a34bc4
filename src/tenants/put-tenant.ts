import type { Actor } from '../core/identity.ts';
import type { Changes } from './changes/changes.ts';
import { adoptionOf } from './adoption.ts';
import type { Organizations } from './organizations/organizations.ts';
import { merged, newProfile, type ProfileChanges } from './model/profile.ts';
import type { Provisioning } from './provisioning/provisioning.ts';
import {
  alreadyUsed,
  notUsable,
  organizationConflict,
  organizationTaken,
  tenantDeleted,
} from './model/status.ts';
import { isProvisioned } from './model/transitions.ts';
import type { ClaimRequest, TenantRow } from './model/row.ts';
import type { TenantStore } from './registry/store.ts';

export interface PutTenantDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
  readonly provisioning: Provisioning;
  readonly change: Changes['change'];
}

/** The wanted state of a tenant that may not exist yet. */
export interface WantedTenant extends ProfileChanges {
  readonly name: string;
  /** The organization to adopt; undefined to create one. */
  readonly organizationId?: string | undefined;
}

/** Creates or updates a tenant, whether there is none yet, an unfinished claim, or the tenant itself. */
export function createPutTenant({ tenants, organizations, provisioning, change }: PutTenantDeps) {
  /** Returns undefined if the tenant id is taken, or the organization belongs to another tenant. */
  const claimNew = async (
    id: string,
    wanted: WantedTenant,
    request: ClaimRequest,
    actor: Actor,
  ): Promise<TenantRow | undefined> => {
    const claim = provisioning.newClaim(id);
    const profile = newProfile(wanted);
    const attempted = { actor, outcome: 'attempted', tenantId: id } as const;
    if (!(await tenants.claimNew(claim, profile, request, attempted))) return undefined;
    return provisioning.finish(claim, profile, request, actor);
  };

  const put = async (
    id: string,
    wanted: WantedTenant,
    actor: Actor,
  ): Promise<{ status: 200 | 201; row: TenantRow }> => {
    const request = await adoptionOf(id, wanted.organizationId, { tenants, organizations });
    const made = await claimNew(id, wanted, request, actor);
    if (made) return { status: 201, row: made };
    return { status: 200, row: await putExisting(id, wanted, request, actor) };
  };

  /** Creates a tenant that does not exist yet. @throws Problem `external-id-already-used` */
  const create = async (id: string, wanted: WantedTenant, actor: Actor): Promise<TenantRow> => {
    const made = await claimNew(id, wanted, null, actor);
    if (made) return made;
    const row = await tenants.byId(id);
    if (row?.status === 'deleted') throw tenantDeleted();
    // A claim that failed or was abandoned is retried with the profile given now.
    if (row?.status !== 'provisioning' || !provisioning.isAbandoned(row)) throw alreadyUsed();
    const taken = await takeOverClaim(row, wanted, null, actor);
    if (!taken) throw alreadyUsed();
    return taken;
  };

  const putExisting = async (
    id: string,
    wanted: WantedTenant,
    request: ClaimRequest,
    actor: Actor,
  ): Promise<TenantRow> => {
    const row = await tenants.byId(id);
    if (!row && request !== null) throw organizationTaken();
    if (!row || row.status === 'deleted' || row.status === 'deleting') throw tenantDeleted();
    if (row.status === 'provisioning' && !provisioning.isAbandoned(row)) {
      return putExistingRow(await provisioning.waitUntilProvisioned(id), wanted, request, actor);
    }
    return putExistingRow(row, wanted, request, actor);
  };

  const putExistingRow = async (
    row: TenantRow,
    wanted: WantedTenant,
    request: ClaimRequest,
    actor: Actor,
  ): Promise<TenantRow> => {
    if (isProvisioned(row)) {
      if (wanted.organizationId !== undefined && wanted.organizationId !== row.organizationId)
        throw organizationConflict('The tenant is mapped to another organization.');
      return change(row, wanted, actor);
    }
    // A tenant in `conflict` or `orphaned` needs a person to name the organization.
    if (row.status !== 'provisioning' && request === null) throw notUsable(row);
    return (
      (await takeOverClaim(row, wanted, request, actor)) ??
      putExisting(row.id, wanted, request, actor)
    );
  };

  /** Returns undefined if a concurrent request came first. */
  const takeOverClaim = async (
    row: TenantRow,
    wanted: WantedTenant,
    asked: ClaimRequest,
    actor: Actor,
  ): Promise<TenantRow | undefined> => {
    const claim = provisioning.newClaim(row.id);
    const profile = merged(row, wanted);
    const request = asked ?? row.request;
    const attempted = { actor, outcome: 'attempted', tenantId: row.id } as const;
    const outcome = await tenants.takeOverClaim(claim, row, profile, request, attempted);
    if (outcome === 'organization-taken') throw organizationTaken();
    return outcome === 'ours' ? provisioning.finish(claim, profile, request, actor) : undefined;
  };

  return { put, create };
}
