/** Carries out a plan: WorkOS first, then the row. Marks the row while the outcome at WorkOS is unknown. */
import { randomUUID } from 'node:crypto';
import { auditRows, withReason } from '../../audit-trail/audited.ts';
import type { AuditRow, AuditWriter } from '../../audit-trail/writer.ts';
import type { Actor } from '../../core/identity.ts';
import type { ReportMissingOrganization } from '../../core/ports.ts';
import { isNotFound, wasNotApplied } from '../../workos/failure.ts';
import { aboutTheRequest } from '../../workos/problems.ts';
import type { OrganizationChanges } from '../organizations/organization.ts';
import type { Organizations } from '../organizations/organizations.ts';
import { notUsable } from '../model/status.ts';
import type { TenantRow } from '../model/row.ts';
import type { ProfileColumns, TenantStore } from '../registry/store.ts';
import type { Send } from '../registry/uncertain-store.ts';
import type { Plan } from './plan.ts';

export interface ChangesDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
  readonly audit: AuditWriter;
  readonly reportMissing: ReportMissingOrganization;
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

export function createCarryingOut({
  tenants,
  organizations,
  audit: trail,
  reportMissing,
}: ChangesDeps) {
  /**
   * @param settledAttempt the uncertain attempt that this one settles, if it does
   * @returns undefined if the tenant was changed in the meantime
   */
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

  return carryOut;
}

/** Audit rows of a change; they name its fields only, for values may be personal data. */
export const auditOf = (row: TenantRow, { fields }: Plan, actor: Actor) =>
  auditRows({ actor, tenantId: row.id, details: { fields } });
