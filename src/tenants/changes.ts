import type { AuditRow, AuditWriter, Outcome } from '../audit-trail/writer.ts';
import type { Queryable } from '../db/database.ts';
import type { Actor } from '../identity.ts';
import { Problem } from '../problem.ts';
import { isNotFound } from '../workos/failure.ts';
import { aboutTheRequest } from '../workos/problems.ts';
import type { Organizations } from './organizations.ts';
import { changed, merged, upstreamChanges, type TenantChanges } from './profile.ts';
import { organizationMissing, provisioningInProgress } from './status.ts';
import type { TenantProfile, TenantRow, TenantStore } from './store.ts';

export interface ChangesDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
  readonly audit: AuditWriter;
  readonly recordOwn: RecordOwn;
}

/** Tells the tenant's clients, in the transaction of what it tells of. */
export type RecordOwn = (
  tx: Queryable,
  event: {
    readonly event: 'gatehouse.tenant.orphaned';
    readonly tenantId: string;
    readonly data: Readonly<Record<string, unknown>>;
  },
) => Promise<void>;

/** Changes to tenants that are there, and what to do when their organization is not. */
export function createChanges({ tenants, organizations, audit: trail, recordOwn }: ChangesDeps) {
  /** Changes what differs: at WorkOS first, so that a failure there leaves both sides as they were. */
  const change = async (
    row: TenantRow,
    changes: TenantChanges,
    actor: Actor,
  ): Promise<TenantRow> => {
    const profile = merged(row, changes);
    const status = changes.status ?? row.status;
    const upstream = upstreamChanges(row, profile);
    const audit = (outcome: Outcome): AuditRow => ({
      actor,
      outcome,
      tenantId: row.id,
      details: changed(row, profile, status),
    });
    if (Object.keys(audit('attempted').details ?? {}).length === 0) return row;
    let { domains } = profile;
    if (upstream && row.organizationId !== null) {
      await trail.record(audit('attempted'));
      domains = (await updateOrganization(row, row.organizationId, upstream, actor)).domains;
    }
    const after = await tenants.change(row.id, { ...profile, domains }, status, audit('succeeded'));
    if (!after) throw provisioningInProgress();
    return after;
  };

  const updateOrganization = async (
    row: TenantRow,
    organizationId: string,
    profile: Partial<TenantProfile>,
    actor: Actor,
  ) => {
    try {
      return await organizations.update(organizationId, row.id, profile);
    } catch (error) {
      await trail.record({ actor, outcome: 'failed', tenantId: row.id });
      if (!isNotFound(error)) throw aboutTheRequest(error) ?? error;
      throw await reportMissing(row.id, organizationId, actor);
    }
  };

  /** A 404 where the organization was named: it is believed to be missing once WorkOS says so twice. */
  const reportMissing = async (
    tenantId: string,
    organizationId: string,
    actor: Actor,
  ): Promise<Problem> => {
    if (await organizations.find(organizationId))
      return new Problem('upstream-rejected', 'WorkOS refused what Gatehouse asked.');
    const audit = { actor, outcome: 'succeeded', tenantId, details: { orphaned: true } } as const;
    await tenants.orphan(tenantId, organizationId, audit, (tx) =>
      recordOwn(tx, {
        event: 'gatehouse.tenant.orphaned',
        tenantId,
        data: { object: 'tenant', id: tenantId, status: 'orphaned' },
      }),
    );
    return organizationMissing();
  };

  return { change, reportMissing };
}

export type Changes = ReturnType<typeof createChanges>;
