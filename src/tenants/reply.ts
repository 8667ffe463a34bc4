import type { z } from 'zod';
import { hasScope, type Client } from '../core/identity.ts';
import type { TenantSchema } from './contract.ts';
import type { TenantRow } from './model/row.ts';
import { isUnprovisioned } from './model/transitions.ts';

export type TenantReply = z.input<typeof TenantSchema>;

/** The tenant as this client gets it: only clients with `tenants:adopt` see the organization id. */
export function tenantReply(row: TenantRow, client: Client): TenantReply {
  return {
    object: 'tenant',
    id: row.id,
    ...(hasScope(client, 'tenants:adopt') && { workos_organization_id: row.organizationId }),
    name: row.name,
    status: row.status as TenantReply['status'],
    ...(isUnprovisioned(row) && {
      next_status: row.formerStatus === 'suspended' ? ('suspended' as const) : ('active' as const),
    }),
    domains: row.domains.map(({ domain, state }) => ({ domain, state })),
    metadata: row.metadata,
    sign_in_client_id: row.signInClientId,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
