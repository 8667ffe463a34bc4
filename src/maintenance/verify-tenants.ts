import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import type { Mapping, MissingStore } from '../tenants/missing/missing-store.ts';
import type { MappedOrganization } from '../tenants/organizations/organization.ts';
import type { Organizations } from '../tenants/organizations/organizations.ts';
import type { TenantRow } from '../tenants/model/row.ts';
import type { TenantStore } from '../tenants/registry/store.ts';
import { isProvisioned } from '../tenants/model/transitions.ts';

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

/** If more organizations than this are missing, the key or WorkOS is at fault. */
const A_FEW = 5;

/** Holds the map against WorkOS, in both directions. Changes nothing. */
export async function verifyTenants(deps: VerifyDeps, onProgress: (organizations: number) => void) {
  const known = new Map<string, MappedOrganization>();
  for await (const organization of deps.organizations.all()) {
    known.set(organization.id, organization);
    if (known.size % 100 === 0) onProgress(known.size);
  }
  const differences: Difference[] = [];
  const mapped = new Set<string>();
  const seenAgain: Mapping[] = [];
  let tenants = 0;
  const lacking: Mapping[] = [];
  let seen = 0;
  for await (const tenant of allTenants(deps.tenants)) {
    tenants += 1;
    if (tenant.organizationId !== null) mapped.add(tenant.organizationId);
    const { id: tenantId, organizationId, status } = tenant;
    if (organizationId !== null && status === 'orphaned' && known.has(organizationId))
      seenAgain.push({ tenantId, organizationId });
    if (organizationId !== null && isProvisioned(tenant)) {
      if (known.has(organizationId)) seen += 1;
      else lacking.push({ tenantId, organizationId });
    }
    differences.push(...differencesOf(tenant, known, deps));
  }
  for (const organization of known.values()) {
    if (!mapped.has(organization.id))
      differences.push(...strayOf(organization, deps.externalIdPrefix));
  }
  return { differences, tenants, organizations: known.size, lacking, seen, seenAgain };
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
  const { id: tenantId, organizationId, status, name, metadata } = tenant;
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
    ...(isDeepStrictEqual(ownEntries(organization.metadata), ownEntries(metadata))
      ? []
      : [say('the organization has other metadata')]),
  ];
}

export type Verified = Awaited<ReturnType<typeof verifyTenants>>;

/** Without our marks. */
const ownEntries = (metadata: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('gatehouse_')));

/**
 * Gives orphaned tenants their former status back, whose organizations are listed again. The rest
 * is for a person to decide.
 *
 * @returns the tenants that have it back
 * @throws Problem `upstream-rejected` if too many mapped organizations are lacking
 */
export async function mendTenants(
  store: Pick<MissingStore, 'markSeen'>,
  { lacking, seen, seenAgain }: Pick<Verified, 'lacking' | 'seen' | 'seenAgain'>,
  actor: Actor,
): Promise<string[]> {
  if (lacking.length > A_FEW)
    throw new Problem(
      'upstream-rejected',
      `WorkOS lacks ${lacking.length} of the organizations that are mapped, and shows ${seen}: is WORKOS_API_KEY another environment’s? If they are deleted, add --gone ${lacking.length}. Nothing was changed.`,
    );
  const mended: string[] = [];
  for (const mapping of seenAgain) {
    const { tenantId } = mapping;
    const back = await store.markSeen(mapping, (status) => ({
      actor,
      outcome: 'succeeded',
      tenantId,
      details: { seen_again: true, status },
    }));
    if (back) mended.push(tenantId);
  }
  return mended;
}

/** Organizations without a prefix or mark of ours are somebody else's, and no difference. */
function strayOf({ id, externalId, markedFor }: MappedOrganization, prefix: string): Difference[] {
  const ours = markedFor !== undefined || externalId?.startsWith(prefix);
  return ours
    ? [{ tenantId: markedFor, organizationId: id, what: 'no tenant is mapped to it' }]
    : [];
}
