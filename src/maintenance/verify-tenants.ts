import type { Actor } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import {
  MAX_MISSING_AT_ONCE,
  type Mapping,
  type MissingStore,
} from '../tenants/missing/missing-store.ts';
import type { MappedOrganization } from '../tenants/organizations/organization.ts';
import type { Organizations } from '../tenants/organizations/organizations.ts';
import type { TenantRow } from '../tenants/model/row.ts';
import type { TenantStore } from '../tenants/registry/store.ts';
import {
  compare,
  mayBePassing,
  secondLook,
  type Difference,
  type Finding,
} from './compare-tenant.ts';

export type { Difference } from './compare-tenant.ts';

export interface VerifyDeps {
  readonly tenants: Pick<TenantStore, 'all' | 'byId' | 'holderOf'>;
  readonly organizations: Pick<Organizations, 'all' | 'find' | 'externalIdOf'>;
  readonly externalIdPrefix: string;
  /** Organizations that Gatehouse neither created nor adopted are differences too. */
  readonly unmapped: boolean;
}

const PAGE = 1_000;

/** If more differ than this, changes during the comparison are not the reason. */
const MAX_SECOND_LOOKS = 100;

/**
 * Compares the tenants with WorkOS's organizations, in both directions. Changes nothing. What
 * differs is looked at again, because tenants change while the organizations are being listed.
 */
export async function verifyTenants(deps: VerifyDeps, onProgress: (organizations: number) => void) {
  const listed = new Map<string, MappedOrganization>();
  for await (const organization of deps.organizations.all()) {
    listed.set(organization.id, organization);
    if (listed.size % 100 === 0) onProgress(listed.size);
  }
  const mapped = new Set<string>();
  let findings: Finding[] = [];
  for await (const tenant of allTenants(deps.tenants)) {
    const { organizationId } = tenant;
    if (organizationId !== null) mapped.add(organizationId);
    const organization = organizationId === null ? undefined : listed.get(organizationId);
    findings.push(compare(tenant, organization, deps.organizations));
  }
  const strays = [...listed.values()].filter(
    ({ id, ...one }) => !mapped.has(id) && (deps.unmapped || isOurs(one, deps.externalIdPrefix)),
  );
  const again = strays.length + findings.filter(mayBePassing).length <= MAX_SECOND_LOOKS;
  if (again) findings = await lookAgain(findings, deps);
  const lost = again ? await strayStill(strays, deps) : strays;
  return {
    differences: [...findings.flatMap(({ differences }) => differences), ...lost.map(strayOf)],
    tenants: findings.length,
    organizations: listed.size,
    lacking: mappingsOf(findings, 'lacking'),
    seen: mappingsOf(findings, 'seen').length,
    seenAgain: mappingsOf(findings, 'seen-again'),
    settling: findings.filter(({ isSettling }) => isSettling).map(({ tenantId }) => tenantId),
  };
}

async function* allTenants(tenants: VerifyDeps['tenants']): AsyncGenerator<TenantRow> {
  for (let after = ''; ;) {
    const rows = await tenants.all(after, PAGE);
    yield* rows;
    after = rows.at(-1)?.id ?? '';
    if (rows.length < PAGE) return;
  }
}

async function lookAgain(
  findings: readonly Finding[],
  { tenants, organizations }: VerifyDeps,
): Promise<Finding[]> {
  const looked: Finding[] = [];
  for (const finding of findings) {
    if (mayBePassing(finding)) {
      const now = await secondLook(finding.tenantId, tenants, organizations);
      if (now) looked.push(now);
    } else looked.push(finding);
  }
  return looked;
}

/** The organizations that still exist and still have no tenant. A claim reserves the one it has just created. */
async function strayStill(
  strays: readonly MappedOrganization[],
  { tenants, organizations }: VerifyDeps,
): Promise<MappedOrganization[]> {
  const still: MappedOrganization[] = [];
  for (const { id } of strays) {
    const organization = await organizations.find(id);
    if (!organization) continue;
    const holder = (await tenants.holderOf(id)) ?? organization.markedFor;
    const tenant = holder === undefined ? undefined : await tenants.byId(holder);
    const isHeld = tenant?.organizationId === id || tenant?.status === 'provisioning';
    if (!isHeld) still.push(organization);
  }
  return still;
}

const mappingsOf = (findings: readonly Finding[], sight: Finding['sight']): Mapping[] =>
  findings.flatMap((one) =>
    one.sight === sight && one.organizationId !== null
      ? [{ tenantId: one.tenantId, organizationId: one.organizationId }]
      : [],
  );

/** An organization without our prefix or mark is not ours, so it is no difference. */
const isOurs = (
  { externalId, markedFor }: Pick<MappedOrganization, 'externalId' | 'markedFor'>,
  prefix: string,
): boolean => markedFor !== undefined || externalId?.startsWith(prefix) === true;

const strayOf = ({ id, markedFor }: MappedOrganization): Difference => ({
  tenantId: markedFor,
  organizationId: id,
  what: 'no tenant is mapped to it',
});

export type Verified = Awaited<ReturnType<typeof verifyTenants>>;

/**
 * Restores the former status of orphaned tenants whose organizations are listed again. Other differences
 * are left for a person to resolve.
 *
 * @returns the restored tenants
 * @throws Problem `upstream-rejected` if too many mapped organizations are missing
 */
export async function mendTenants(
  store: Pick<MissingStore, 'markSeen'>,
  { lacking, seen, seenAgain }: Pick<Verified, 'lacking' | 'seen' | 'seenAgain'>,
  actor: Actor,
): Promise<string[]> {
  if (lacking.length > MAX_MISSING_AT_ONCE)
    throw new Problem(
      'upstream-rejected',
      `WorkOS lacks ${lacking.length} of the mapped organizations and lists ${seen}. Check that WORKOS_API_KEY belongs to this environment. If they are deleted, add --gone ${lacking.length}. Nothing was changed.`,
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
