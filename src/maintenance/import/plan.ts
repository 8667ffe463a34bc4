import type { Tenant } from '../../core/identity.ts';
import type { Fault } from './read-file.ts';
import type { ImportRow } from './read-rows.ts';

export interface MappingReader {
  mappingsOf(ids: readonly string[]): Promise<ReadonlyMap<string, Tenant>>;
  ofOrganizations(ids: readonly string[]): Promise<ReadonlyMap<string, Tenant>>;
}

export interface ImportPlan {
  readonly create: readonly ImportRow[];
  readonly adopt: readonly ImportRow[];
  /** Tenants that are there already, as the file wants them. They are left as they are. */
  readonly done: readonly ImportRow[];
  /** Rows that cannot be imported as the database is now. */
  readonly faults: readonly Fault[];
}

const AT_ONCE = 1_000;

/** Compares the rows with the tenants that exist. Asks nothing of WorkOS and changes nothing. */
export async function planOf(
  tenants: MappingReader,
  rows: readonly ImportRow[],
): Promise<ImportPlan> {
  const plan = { create: [], adopt: [], done: [], faults: [] } as {
    create: ImportRow[];
    adopt: ImportRow[];
    done: ImportRow[];
    faults: Fault[];
  };
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const some = rows.slice(at, at + AT_ONCE);
    const known = await tenants.mappingsOf(some.map(({ tenantId }) => tenantId));
    const named = some.flatMap(({ organizationId }) => organizationId ?? []);
    const holders = await tenants.ofOrganizations(named);
    for (const row of some) {
      const tenant = known.get(row.tenantId);
      const what = faultOf(row, tenant, holders.get(row.organizationId ?? ''));
      if (what !== undefined) plan.faults.push({ line: row.line, what });
      else if (tenant && isThere(tenant)) plan.done.push(row);
      else plan[row.organizationId === undefined ? 'create' : 'adopt'].push(row);
    }
  }
  return plan;
}

const isThere = ({ status }: Tenant): boolean => status === 'active' || status === 'suspended';

const faultOf = (
  row: ImportRow,
  tenant: Tenant | undefined,
  holder: Tenant | undefined,
): string | undefined =>
  (tenant && faultOfTenant(row, tenant)) ??
  (holder && holder.id !== row.tenantId
    ? `organization_id: ${String(row.organizationId)} is mapped to the tenant ${holder.id}`
    : undefined);

function faultOfTenant(
  { tenantId, organizationId }: ImportRow,
  tenant: Tenant,
): string | undefined {
  const { status } = tenant;
  if (status === 'deleted' || status === 'deleting')
    return `tenant_id: ${tenantId} belonged to a deleted tenant and is not used again`;
  if (organizationId === undefined)
    return status === 'orphaned' || status === 'conflict'
      ? `organization_id: is required, because the tenant is ${status}`
      : undefined;
  return isThere(tenant) && tenant.organizationId !== organizationId
    ? `organization_id: the tenant is mapped to ${String(tenant.organizationId)}`
    : undefined;
}
