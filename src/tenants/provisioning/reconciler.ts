import { randomUUID } from 'node:crypto';
import { auditRows, type AuditRows } from '../../audit-trail/audited.ts';
import type { Actor } from '../../core/identity.ts';
import { createDeletion } from './deletion.ts';
import type { Organizations } from '../organizations/organizations.ts';
import type { Provisioning } from './provisioning.ts';
import type { TenantRow } from '../model/row.ts';
import type { TenantStore } from '../registry/store.ts';

const MAX_PER_ROUND = 20;

export interface ReconcilerDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
  readonly provisioning: Provisioning;
  /** Called when one tenant could not be finished; the others are, and it is retried in the next round. */
  readonly onUnfinished?: (tenantId: string, error: unknown) => void;
}

/**
 * Finishes interrupted provisionings and deletions: claims whose lease has expired. Safe to run in
 * every process, because only one of them can take a claim over.
 *
 * @returns the number of finished claims
 */
export async function reconcile(deps: ReconcilerDeps): Promise<number> {
  let finished = 0;
  for (const row of await deps.tenants.withExpiredLease(MAX_PER_ROUND)) {
    const isFinished = await finish(deps, row).catch((error: unknown) => {
      deps.onUnfinished?.(row.id, error);
      return false;
    });
    finished += isFinished ? 1 : 0;
  }
  return finished;
}

async function finish(deps: ReconcilerDeps, row: TenantRow): Promise<boolean> {
  const actor: Actor = {
    client: undefined,
    user: undefined,
    requestId: randomUUID(),
    operation: 'reconcileTenant',
  };
  const audit = auditRows({ actor, tenantId: row.id });
  if (row.status === 'provisioning') return finishProvisioning(deps, row, actor, audit);
  const claim = deps.provisioning.newClaim(row.id);
  return createDeletion(deps)(claim, row, audit);
}

async function finishProvisioning(
  { tenants, provisioning }: ReconcilerDeps,
  row: TenantRow,
  actor: Actor,
  audit: AuditRows,
): Promise<boolean> {
  const claim = provisioning.newClaim(row.id);
  const taken = await tenants.takeOverClaim(claim, row, row, row.request, audit('attempted'));
  // Releases before reservations existed left claims to organizations that others adopted since.
  if (taken === 'organization-taken' && row.attempt !== null)
    await tenants.releaseClaim({ id: row.id, attempt: row.attempt }, 'conflict', audit('failed'));
  if (taken !== 'ours') return false;
  await provisioning.finish(claim, row, row.request, actor);
  return true;
}
