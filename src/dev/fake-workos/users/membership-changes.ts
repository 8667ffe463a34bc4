/** Changes of an organization membership: its role, and whether it is active. */
import { z } from 'zod';
import type { ApiRequest, Operation, Reply } from '../http/operation.ts';
import { parse } from '../http/validation.ts';
import type { OrganizationMembership } from '../state/users.ts';
import type { World } from '../state/world.ts';
import { badRequest, membershipOf, roleOf, Roles, withUser } from './memberships.ts';

const PATH = '/user_management/organization_memberships/{id}';

export const membershipChangeOperations: readonly Operation[] = [
  { method: 'PUT', path: PATH, perform: update },
  {
    method: 'PUT',
    path: `${PATH}/deactivate`,
    perform: (request, world) => setStatus(request, world, 'deactivate', 'inactive'),
  },
  {
    method: 'PUT',
    path: `${PATH}/reactivate`,
    perform: (request, world) => setStatus(request, world, 'reactivate', 'active'),
  },
];

function update(request: ApiRequest, world: World): Reply {
  const membership = membershipOf(request, world);
  const input = parse(z.object(Roles), request.body, 'invalid_request_parameters');
  const given = input.role_slug !== undefined || input.role_slugs !== undefined;
  const role = given ? { slug: roleOf(world, membership.organization_id, input) } : membership.role;
  return store(world, { ...membership, role });
}

function setStatus(
  request: ApiRequest,
  world: World,
  act: string,
  status: 'active' | 'inactive',
): Reply {
  const membership = membershipOf(request, world);
  if (membership.status === 'pending')
    throw badRequest(
      `cannot_${act}_pending_organization_membership`,
      'The invitation is not accepted yet.',
    );
  return store(world, { ...membership, status });
}

function store(world: World, membership: OrganizationMembership): Reply {
  const stored = { ...membership, updated_at: world.now().toISOString() };
  world.state.organizationMemberships.set(stored.id, stored);
  return { status: 200, body: withUser(world, stored) };
}
