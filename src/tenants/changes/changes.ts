import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditRows, withReason } from '../../audit-trail/audited.ts';
import type { AuditRow, AuditWriter } from '../../audit-trail/writer.ts';
import type { Actor } from '../../core/identity.ts';
import type { ReportMissingOrganization } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';
import { failureOf, isNotFound } from '../../workos/failure.ts';
import { aboutTheRequest } from '../../workos/problems.ts';
import type { OrganizationChanges } from '../organizations/organization.ts';
import type { Organizations } from '../organizations/organizations.ts';
import type { ProfileChanges } from '../model/profile.ts';
import { planOf, type Extent, type Plan } from './plan.ts';
import { notUsable } from '../model/status.ts';
import type { TenantRow } from '../model/row.ts';
import type { ProfileColumns, TenantStore } from '../registry/store.ts';
import { isProvisioned } from '../model/transitions.ts';
import type { Send } from '../registry/uncertain-store.ts';

export interface ChangesDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
  readonly audit: AuditWriter;
  readonly reportMissing: ReportMissingOrganization;
}

/** The changes a caller asks for on an existing tenant. */
export interface TenantChanges extends ProfileChanges {
  readonly status?: 'active' | 'suspended' | undefined;
}

/** How often a change is retried when a concurrent change came first. */
const MAX_TRIES = 8;

/** Changes to existing tenants. */
export function createChanges({
  tenants,
  organizations,
  audit: trail,
  reportMissing,
}: ChangesDeps) {
  /** The status is written first, so that a slow profile change cannot overwrite a newer status. */
  const change = async (
    row: TenantRow,
    { status, ...changes }: TenantChanges,
    actor: Actor,
    extent: Extent = 'different',
  ): Promise<TenantRow> => {
    const isOnlyStatus = Object.values<unknown>(changes).every((value) => value === undefined);
    if (status === undefined) return changeProfile(row, changes, actor, extent);
    const now = await setStatus(row.id, status, isOnlyStatus, actor);
    return isOnlyStatus ? now : changeProfile(now, changes, actor, extent);
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
   * Writes the fields that differ, or all given ones: to WorkOS first, so that a failure there leaves both sides
   * unchanged. When a concurrent change came first, the row is read again and the change is
   * retried on top of it, so that both changes survive on both sides.
   */
  const changeProfile = async (
    row: TenantRow,
    changes: ProfileChanges,
    actor: Actor,
    extent: Extent,
    tries = 1,
  ): Promise<TenantRow> => {
    if (!isProvisioned(row)) throw notUsable(row);
    const plan = planOf(row, changes, extent);
    if (!plan) return row;
    const after = await carryOut(row, plan, actor);
    if (after) return after;
    if (tries === MAX_TRIES) {
      await trail.record(withReason(auditOf(row, plan, actor)('failed'), busy()));
      throw busy();
    }
    await sleep(Math.random() * 20 * tries);
    const now = await tenants.byId(row.id);
    return changeProfile(now ?? { ...row, status: 'deleted' }, changes, actor, extent, tries + 1);
  };

  /** @returns undefined if the tenant was changed in the meantime */
  const carryOut = async (
    row: TenantRow,
    plan: Plan,
    actor: Actor,
    settledAttempt?: string,
  ): Promise<TenantRow | undefined> => {
    const audit = auditOf(row, plan, actor);
    const { local, upstream } = plan;
    if (!upstream) return tenants.change(row.id, local, undefined, audit('succeeded'));
    const send = { tenantId: row.id, attempt: randomUUID() };
    const fields = SENT.filter((field) => plan.fields.includes(field));
    if (!(await tenants.beginSend(send, fields, row, settledAttempt, audit('attempted'))))
      return undefined;
    const isSettling = settledAttempt !== undefined;
    const known = await sendToWorkos({
      row,
      plan,
      upstream,
      send,
      failed: audit('failed'),
      isSettling,
    });
    const sent = {
      version: row.profileVersion,
      attempt: send.attempt,
      domains: upstream.domains !== undefined,
    };
    return tenants.change(row.id, { ...local, ...known }, sent, audit('succeeded'));
  };

  /** Sends changes to WorkOS. @returns the changed fields as WorkOS has them now */
  const sendToWorkos = async (sending: Sending): Promise<ProfileColumns> => {
    const { row, plan, upstream } = sending;
    const { organizationId } = row;
    if (organizationId === null) throw notUsable(row);
    let times = 0;
    try {
      const after = await organizations.update(organizationId, row.id, upstream, undefined, () => {
        times += 1;
      });
      return {
        ...(upstream.name !== undefined && { name: upstream.name }),
        ...(plan.takesDomains && { domains: after.domains }),
        ...((upstream.metadata ?? upstream.metadataEntries) && { metadata: after.metadata }),
      };
    } catch (error) {
      await recordFailure(sending, error, times);
      if (!isNotFound(error)) throw aboutTheRequest(error) ?? error;
      throw await reportMissing(row.id, organizationId, sending.failed.actor);
    }
  };

  /**
   * Clears the uncertainty mark when WorkOS has certainly not applied the change and no earlier
   * send is uncertain; otherwise the mark stays and the change is settled later.
   */
  const recordFailure = (
    { row, send, failed: unexplained, isSettling }: Sending,
    error: unknown,
    times: number,
  ): Promise<void> => {
    const failed = withReason(unexplained, error);
    const isOver = isSettling
      ? aboutTheRequest(error) !== undefined
      : row.profileUnsure === null && (times === 0 || (times === 1 && wasNotApplied(error)));
    return isOver ? tenants.forgetSend(send, failed) : trail.record(failed);
  };

  /**
   * Sends the row's profile to WorkOS again after a change whose outcome there is unknown.
   *
   * @returns false if the tenant was changed in the meantime
   */
  const settle = async (row: TenantRow, actor: Actor): Promise<boolean> => {
    const plan = planOf(row, {}, 'settling');
    if (!plan || row.profileUnsure === null) return false;
    return (await carryOut(row, plan, actor, row.profileUnsure)) !== undefined;
  };

  return { change, settle };
}

interface Sending {
  readonly row: TenantRow;
  readonly plan: Plan;
  readonly upstream: OrganizationChanges;
  readonly send: Send;
  readonly failed: AuditRow;
  readonly isSettling: boolean;
}

/** The fields that WorkOS stores as well. */
const SENT = ['name', 'domains', 'metadata'];

const auditOf = (row: TenantRow, { fields }: Plan, actor: Actor) =>
  auditRows({ actor, tenantId: row.id, details: { fields } });

/** True if WorkOS rejected the request, or never received it. */
function wasNotApplied(error: unknown): boolean {
  const { kind, facts } = failureOf(error) ?? {};
  const { status = 0, neverSent = false } = facts ?? {};
  return neverSent || (kind === 'status' && status >= 400 && status < 500 && status !== 408);
}

const busy = (): Problem =>
  new Problem('overloaded', 'Other requests are changing this tenant at the moment; try again.', {
    retryAfter: 1,
  });

export type Changes = ReturnType<typeof createChanges>;
