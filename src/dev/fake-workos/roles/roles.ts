/** Roles of the environment, and those of an organization. */
import { requireFound } from '../http/operation.ts';
import type { Role } from '../state/access.ts';
import { timestamps, type World } from '../state/world.ts';

/** The roles that every WorkOS environment has. */
const DEFAULTS = ['admin', 'member'];

/** @param organizationId null for roles of the environment alone */
export function rolesOf(world: World, organizationId: string | null): Role[] {
  const { roles } = world.state;
  if (roles.size === 0)
    for (const slug of DEFAULTS) addRole(world, { slug, name: slug, organization_id: null });
  return [...roles.values()].filter(
    (one) => one.organization_id === null || one.organization_id === organizationId,
  );
}

/** @throws ApiError 404 */
export function roleOf(world: World, organizationId: string | null, slug: string): Role {
  const found = rolesOf(world, organizationId).find((one) => one.slug === slug);
  return requireFound(found, 'Role', slug);
}

/** True if the members of the organization can have this role. */
export const hasRole = (world: World, organizationId: string, slug: string): boolean =>
  rolesOf(world, organizationId).some((one) => one.slug === slug);

export function addRole(
  world: World,
  given: Pick<Role, 'slug' | 'name' | 'organization_id'> & Partial<Role>,
): Role {
  const role: Role = {
    object: 'role',
    id: world.newId('role'),
    description: null,
    type: given.organization_id === null ? 'EnvironmentRole' : 'OrganizationRole',
    resource_type_slug: 'organization',
    permissions: [],
    ...timestamps(world),
    ...given,
  };
  world.state.roles.set(role.id, role);
  return role;
}
