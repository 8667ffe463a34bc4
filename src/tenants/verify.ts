import type { MappedOrganization, Organizations } from './organizations.ts';
import type { TenantRow, TenantStore } from './store.ts';

export interface Difference {
  readonly tenantId: string | undefined;
  readonly organizationId: string | undefined;
  readonly what: string;
}

export interface VerifyDeps {
  readonly tenants: Pick<TenantStore, 'all'>;
  readonly organizations: Organizations;
  readonly externalIdPrefix: string;
}

const PAGE = 1_000;

/** Holds the map against WorkOS, in both directions. Changes nothing. */
export async function verifyTenants(deps: VerifyDeps, onProgress: (organizations: number) => void) {
  const known = new Map<string, MappedOrganization>();
  for await (const organization of deps.organizations.all()) {
    known.set(organization.id, organization);
    if (known.size % 100 === 0) onProgress(known.size);
  }
  const differences: Difference[] = [];
  const mapped = new Set<string>();
  let tenants = 0;
  for await (const tenant of allTenants(deps.tenants)) {
    tenants += 1;
    if (tenant.organizationId !== null) mapped.add(tenant.organizationId);
    differences.push(...differencesOf(tenant, known, deps));
  }
  for (const organization of known.values()) {
    if (!mapped.has(organization.id))
      differences.push(...strayOf(organization, deps.externalIdPrefix));
  }
  return { differences, tenants, organizations: known.size };
}

async function* allTenants(tenants: VerifyDeps['tenants']): AsyncGenerator<TenantRow> {
  for (let after = ''; ;) {
    const rows = await tenants.all(after, PAGE);
    yield* rows;
    after = rows.at(-1)?.id ?? '';
    if (rows.length < PAGE) return;
  }
}

function differencesOf(
  tenant: TenantRow,
  known: ReadonlyMap<string, MappedOrganization>,
  { organizations }: VerifyDeps,
): Difference[] {
  const { id: tenantId, organizationId, status, name } = tenant;
  const say = (what: string): Difference => ({
    tenantId,
    organizationId: organizationId ?? undefined,
    what,
  });
  if (status !== 'active' && status !== 'suspended') return [say(`the tenant is ${status}`)];
  const organization = organizationId === null ? undefined : known.get(organizationId);
  if (!organization) return [say('WorkOS does not know the organization')];
  return [
    ...(organization.markedFor === tenantId ? [] : [say('the organization lacks our mark')]),
    ...(organization.externalId === organizations.externalIdOf(tenantId)
      ? []
      : [say('the organization has another external id')]),
    ...(organization.name === name ? [] : [say('the organization has another name')]),
  ];
}

/** Organizations without a prefix or mark of ours are somebody else's, and no difference. */
function strayOf({ id, externalId, markedFor }: MappedOrganization, prefix: string): Difference[] {
  const ours = markedFor !== undefined || externalId?.startsWith(prefix);
  return ours
    ? [{ tenantId: markedFor, organizationId: id, what: 'no tenant is mapped to it' }]
    : [];
}
