import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRow, AuditWriter, Outcome } from '../audit-trail/writer.ts';
import type { Actor } from '../identity.ts';
import { Problem } from '../problem.ts';
import { isNotFound } from '../workos/failure.ts';
import { aboutTheRequest } from '../workos/problems.ts';
import type { Missing } from './missing.ts';
import type { OrganizationChanges, Organizations } from './organizations.ts';
import { changedFields, merged, upstreamChanges, type ProfileChanges } from './profile.ts';
import { notUsable } from './status.ts';
import type { ProfileColumns, TenantRow, TenantStore } from './store.ts';
import { isProvisioned } from './transitions.ts';

export interface ChangesDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
  readonly audit: AuditWriter;
  /** What to say of a tenant whose organization WorkOS denies. */
  readonly reportMissing: Missing['report'];
}

/** What is wanted of a tenant that is there. */
export interface TenantChanges extends ProfileChanges {
  readonly status?: 'active' | 'suspended' | undefined;
}

/** How often a change is sent again because another one was faster. */
const MAX_TRIES = 8;

/** Changes to tenants that are there. */
export function createChanges({
  tenants,
  organizations,
  audit: trail,
  reportMissing,
}: ChangesDeps) {
  /** A status is decided first and at once: nothing that takes its time may bring back an older one. */
  const change = async (
    row: TenantRow,
    { status, ...changes }: TenantChanges,
    actor: Actor,
  ): Promise<TenantRow> => {
    const alone = Object.values<unknown>(changes).every((value) => value === undefined);
    if (status === undefined) return changeProfile(row, changes, actor);
    const now = await setStatus(row.id, status, alone, actor);
    return alone ? now : changeProfile(now, changes, actor);
  };

  const setStatus = async (
    id: string,
    status: 'active' | 'suspended',
    always: boolean,
    actor: Actor,
  ): Promise<TenantRow> => {
    const audit = { actor, outcome: 'succeeded', tenantId: id, details: { status } } as const;
    const after = await tenants.setStatus(id, status, always, audit);
    if (after) return after;
    throw notUsable((await tenants.byId(id)) ?? { status: 'deleted' });
  };

  /**
   * Changes what differs: at WorkOS first, so that a failure there leaves both sides as they were.
   * Where another change was faster the same is asked of what is there now, and sent again: so
   * both hold, here and at WorkOS.
   */
  const changeProfile = async (
    row: TenantRow,
    changes: ProfileChanges,
    actor: Actor,
    tries = 1,
  ): Promise<TenantRow> => {
    if (!isProvisioned(row)) throw notUsable(row);
    const profile = merged(row, changes);
    const fields = changedFields(row, profile);
    if (fields.length === 0) return row;
    const audit = (outcome: Outcome): AuditRow => ({
      actor,
      outcome,
      tenantId: row.id,
      details: { fields },
    });
    const upstream = upstreamChanges(fields, profile, changes);
    const local = fields.includes('signInClientGeneration') || fields.includes('signInClientId');
    const columns: ProfileColumns = {
      ...(local && {
        signInClientId: profile.signInClientId,
        signInClientGeneration: profile.signInClientGeneration,
      }),
      ...(upstream && (await sent(row, upstream, audit))),
    };
    const version = upstream && row.profileVersion;
    const after = await tenants.change(row.id, columns, version, audit('succeeded'));
    if (after) return after;
    if (tries === MAX_TRIES) {
      await trail.record(audit('failed'));
      throw busy();
    }
    await sleep(Math.random() * 20 * tries);
    const now = await tenants.byId(row.id);
    return changeProfile(now ?? { ...row, status: 'deleted' }, changes, actor, tries + 1);
  };

  /** Sends changes to WorkOS. @returns what WorkOS has of the changed fields now */
  const sent = async (
    row: TenantRow,
    upstream: OrganizationChanges,
    audit: (outcome: Outcome) => AuditRow,
  ): Promise<ProfileColumns> => {
    const { organizationId } = row;
    if (organizationId === null) throw notUsable(row);
    await trail.record(audit('attempted'));
    const after = await updateOrganization(row, organizationId, upstream, audit('failed'));
    return {
      ...(upstream.name !== undefined && { name: upstream.name }),
      ...(upstream.domains && { domains: after.domains }),
      ...((upstream.metadata ?? upstream.metadataEntries) && { metadata: after.metadata }),
    };
  };

  const updateOrganization = async (
    row: TenantRow,
    organizationId: string,
    changes: OrganizationChanges,
    failed: AuditRow,
  ) => {
    try {
      return await organizations.update(organizationId, row.id, changes);
    } catch (error) {
      await trail.record(failed);
      if (!isNotFound(error)) throw aboutTheRequest(error) ?? error;
      throw await reportMissing(row.id, organizationId, failed.actor);
    }
  };

  return { change };
}

const busy = (): Problem =>
  new Problem('overloaded', 'Others are changing this tenant at the moment; try again.', {
    retryAfter: 1,
  });

export type Changes = ReturnType<typeof createChanges>;
