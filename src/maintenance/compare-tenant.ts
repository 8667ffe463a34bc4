import { isDeepStrictEqual } from 'node:util';
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

/** One tenant, compared with its organization. */
export interface Finding {
  readonly tenantId: string;
  readonly organizationId: string | null;
  /**
   * `seen`: WorkOS has the organization; `lacking`: it has not; `seen-again`: it has that of an
   * orphaned tenant. Undefined if the tenant has no organization.
   */
  readonly sight: 'seen' | 'lacking' | 'seen-again' | undefined;
  /** True while a change of the tenant is under way, or its outcome at WorkOS is unknown: it is settled by itself. */
  readonly isSettling: boolean;
  readonly differences: readonly Difference[];
}

type ExternalIds = Pick<Organizations, 'externalIdOf'>;

/** @param organization undefined if WorkOS does not have it */
export function compare(
  tenant: TenantRow,
  organization: MappedOrganization | undefined,
  externalIds: ExternalIds,
): Finding {
  const { id: tenantId, organizationId, status, profileUnsureFields } = tenant;
  const profile = organization ? profileDifferences(tenant, organization) : [];
  const uncertain = profile.filter(({ field }) => profileUnsureFields?.includes(field));
  const texts = !isProvisioned(tenant)
    ? [`the tenant is ${status}`]
    : organization
      ? [
          ...markDifferences(tenant, organization, externalIds),
          ...profile.filter((one) => !uncertain.includes(one)).map(({ what }) => what),
        ]
      : ['WorkOS does not know the organization'];
  return {
    tenantId,
    organizationId,
    sight: sightOf(tenant, organization),
    isSettling: isProvisioned(tenant) && uncertain.length > 0,
    differences: texts.map((what) => ({
      tenantId,
      organizationId: organizationId ?? undefined,
      what,
    })),
  };
}

/** True if the finding may be due to a change during the comparison. */
export const mayBePassing = ({ sight, differences }: Finding): boolean =>
  sight !== undefined && differences.length > 0;

/**
 * Compares a tenant as both sides have it now.
 *
 * @returns undefined if the tenant is deleted
 */
export async function secondLook(
  tenantId: string,
  tenants: Pick<TenantStore, 'byId'>,
  organizations: Pick<Organizations, 'find' | 'externalIdOf'>,
): Promise<Finding | undefined> {
  const before = await tenants.byId(tenantId);
  if (!before || before.status === 'deleted') return undefined;
  const { organizationId } = before;
  const organization =
    organizationId === null ? undefined : await organizations.find(organizationId);
  const after = await tenants.byId(tenantId);
  const finding = compare(before, organization, organizations);
  return after && isSameVersion(before, after)
    ? finding
    : { ...finding, differences: [], isSettling: true };
}

const isSameVersion = (one: TenantRow, other: TenantRow): boolean =>
  one.profileVersion === other.profileVersion &&
  one.profileUnsure === other.profileUnsure &&
  one.status === other.status &&
  one.organizationId === other.organizationId;

function sightOf(
  tenant: TenantRow,
  organization: MappedOrganization | undefined,
): Finding['sight'] {
  if (tenant.organizationId === null) return undefined;
  if (isProvisioned(tenant)) return organization ? 'seen' : 'lacking';
  return tenant.status === 'orphaned' && organization ? 'seen-again' : undefined;
}

const markDifferences = (
  { id }: TenantRow,
  { markedFor, externalId }: MappedOrganization,
  { externalIdOf }: ExternalIds,
): string[] => [
  ...(markedFor === id ? [] : ['the organization lacks our mark']),
  ...(externalId === externalIdOf(id) ? [] : ['the organization has another external id']),
];

/** Domains are left out: IT admins change them in the Admin Portal. */
const profileDifferences = (tenant: TenantRow, organization: MappedOrganization) => [
  ...(organization.name === tenant.name
    ? []
    : [{ field: 'name', what: 'the organization has another name' }]),
  ...(isDeepStrictEqual(ownEntries(organization.metadata), ownEntries(tenant.metadata))
    ? []
    : [{ field: 'metadata', what: 'the organization has other metadata' }]),
];

/** Without our marks. */
const ownEntries = (metadata: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('gatehouse_')));
