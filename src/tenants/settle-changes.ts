import { randomUUID } from 'node:crypto';
import type { Changes } from './changes.ts';
import type { TenantStore } from './store.ts';

const MAX_PER_ROUND = 20;

export interface SettlingDeps {
  readonly tenants: Pick<TenantStore, 'uncertain'>;
  readonly settle: Changes['settle'];
  /** Called when one tenant could not be settled; the others are, and it is retried in the next round. */
  readonly onUnsettled?: (tenantId: string, error: unknown) => void;
}

/** Settles changes whose outcome at WorkOS is unknown. Safe to run in every process. */
export async function settleChanges({ tenants, settle, onUnsettled }: SettlingDeps) {
  for (const row of await tenants.uncertain(MAX_PER_ROUND)) {
    const actor = {
      client: undefined,
      user: undefined,
      requestId: randomUUID(),
      operation: 'settleTenant',
    };
    await settle(row, actor).catch((error: unknown) => onUnsettled?.(row.id, error));
  }
}
