import { setTimeout as sleep } from 'node:timers/promises';
import { withReason } from '../../audit-trail/audited.ts';
import type { Actor } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import type { ProfileChanges } from '../model/profile.ts';
import { auditOf, createCarryingOut, type ChangesDeps } from './carry-out.ts';
import { planOf, type Extent } from './plan.ts';
import { notUsable } from '../model/status.ts';
import type { TenantRow } from '../model/row.ts';
import { isProvisioned } from '../model/transitions.ts';

/** The changes a caller asks for on an existing tenant. */
export interface TenantChanges extends ProfileChanges {
  readonly status?: 'active' | 'suspended' | undefined;
}

/** How often a change is retried when a concurrent change came first. */
const MAX_TRIES = 8;

/** Changes to existing tenants. */
export function createChanges(deps: ChangesDeps) {
  const { tenants, audit: trail } = deps;
  const carryOut = createCarryingOut(deps);

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
   * Writes the fields that differ, or all given ones: to WorkOS first, so that a failure there leaves
   * both sides unchanged. When a concurrent change came first, the row is read again and the change is
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

const busy = (): Problem =>
  new Problem('overloaded', 'Other requests are changing this tenant at the moment; try again.', {
    retryAfter: 1,
  });

export type Changes = ReturnType<typeof createChanges>;
