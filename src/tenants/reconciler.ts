import { randomUUID } from 'node:crypto';
import type { Actor } from '../identity.ts';
import type { Organizations } from './organizations.ts';
import type { Provisioning } from './provisioning.ts';
import type { TenantRow, TenantStore } from './store.ts';

const MAX_PER_ROUND = 20;

export interface ReconcilerDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
  readonly provisioning: Provisioning;
}

/**
 * Finishes what a crash left half done: claims whose lease has ended. Any number of processes may
 * run it; each claim is taken over by one.
 *
 * @returns how many were finished
 */
export async function reconcile(deps: ReconcilerDeps): Promise<number> {
  let finished = 0;
  for (const row of await deps.tenants.abandoned(MAX_PER_ROUND)) {
    finished += (await finish(deps, row).catch(() => false)) ? 1 : 0;
  }
  return finished;
}

async function finish(
  { tenants, organizations, provisioning }: ReconcilerDeps,
  row: TenantRow,
): Promise<boolean> {
  const actor: Actor = {
    client: undefined,
    user: undefined,
    requestId: randomUUID(),
    operation: 'reconcileTenant',
  };
  const claim = provisioning.newClaim(row.id);
  const attempted = { actor, outcome: 'attempted', tenantId: row.id } as const;
  if (!(await tenants.takeOver(claim, row, row, row.request, attempted))) return false;
  if (row.status === 'provisioning') {
    await provisioning.finish(claim, row, row.request, actor);
    return true;
  }
  await organizations.removeOf(row);
  return tenants.bury(row.id, claim, { actor, outcome: 'succeeded', tenantId: row.id });
}
