import type { Tenant } from '../../core/identity.ts';

/** What identity providers and callers put there, which is theirs: an id in it is not ours to change. */
const FREE_FORM: ReadonlySet<string> = new Set(['raw_attributes', 'custom_attributes', 'metadata']);

export type ByOrganization = ReadonlyMap<string, Pick<Tenant, 'id'>>;

/** The organization ids anywhere in a reply of WorkOS's. */
export function organizationIdsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) organizationIdsIn(item, found);
  else if (isObject(value)) {
    const { organization_id: id } = value;
    if (typeof id === 'string') found.add(id);
    for (const [name, inner] of Object.entries(value))
      if (!FREE_FORM.has(name)) organizationIdsIn(inner, found);
  }
  return found;
}

/** The same with tenant ids in their place; an organization that is nobody's here is left out. */
export function withTenantIds(value: unknown, tenants: ByOrganization): unknown {
  if (Array.isArray(value)) return value.map((item) => withTenantIds(item, tenants));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === 'organization_id') return [name, tenantIdOf(inner, tenants)];
      return [name, FREE_FORM.has(name) ? inner : withTenantIds(inner, tenants)];
    }),
  );
}

const tenantIdOf = (organizationId: unknown, tenants: ByOrganization): string | undefined =>
  typeof organizationId === 'string' ? tenants.get(organizationId)?.id : undefined;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
