/** `/user_management/organization_memberships`: which users belong to which organization, and their role. */
import { z } from 'zod';
import {
  ApiError,
  idOf,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { listReply } from '../http/listing.ts';
import { organizationOf } from '../organizations/organizations.ts';
import type { OrganizationMembership } from '../state/users.ts';
import { hasRole } from '../roles/roles.ts';
import { userOf } from './users.ts';
import { parse } from '../http/validation.ts';
import { timestamps, type World } from '../state/world.ts';

const PATH = '/user_management/organization_memberships';
const INVALID = 'invalid_request_parameters';

export const membershipOperations: readonly Operation[] = [
  { method: 'GET', path: PATH, perform: list },
  { method: 'POST', path: PATH, perform: create },
  { method: 'GET', path: `${PATH}/{id}`, perform: get },
  { method: 'DELETE', path: `${PATH}/{id}`, perform: remove },
];

const Status = z.enum(['active', 'inactive', 'pending']);
export const Roles = {
  role_slug: z.string().optional(),
  role_slugs: z.array(z.string()).min(1).optional(),
};
const CreateMembership = z
  .object({ user_id: z.string(), organization_id: z.string(), ...Roles })
  .refine(({ role_slug, role_slugs }) => role_slug === undefined || role_slugs === undefined, {
    path: ['role_slugs'],
  });

export function addMembership(
  world: World,
  organizationId: string,
  userId: string,
  given: Partial<OrganizationMembership> = {},
): OrganizationMembership {
  const organization = organizationOf(world, organizationId);
  const membership: OrganizationMembership = {
    object: 'organization_membership',
    id: world.newId('om'),
    user_id: userOf(world, userId).id,
    organization_id: organization.id,
    organization_name: organization.name,
    status: 'active',
    directory_managed: false,
    role: { slug: 'member' },
    custom_attributes: {},
    ...timestamps(world),
    ...given,
  };
  world.state.organizationMemberships.set(membership.id, membership);
  return membership;
}

function list(request: ApiRequest, world: World): Reply {
  const { user_id, organization_id, statuses } = request.query;
  if (user_id === undefined && organization_id === undefined)
    throw badRequest('missing_user_id_or_organization_id', 'Name a user or an organization.');
  if (user_id !== undefined) userOf(world, user_id);
  if (organization_id !== undefined) organizationOf(world, organization_id);
  const wanted = statuses === undefined ? undefined : parseStatuses(statuses);
  const matching = [...world.state.organizationMemberships.values()].filter(
    (membership) =>
      (user_id === undefined || membership.user_id === user_id) &&
      (organization_id === undefined || membership.organization_id === organization_id) &&
      (!wanted || wanted.includes(membership.status)),
  );
  return listReply(matching, request, (membership) => withUser(world, membership));
}

function parseStatuses(text: string): string[] {
  const parsed = z.array(Status).safeParse(text.split(','));
  if (parsed.success) return parsed.data;
  throw badRequest(INVALID, `The statuses '${text}' are not known.`);
}

/** Reactivates an inactive membership; refuses while an invitation is pending. */
function create(request: ApiRequest, world: World): Reply {
  const input = parse(CreateMembership, request.body, INVALID);
  const { user_id, organization_id } = input;
  const role = { slug: roleOf(world, organization_id, input) };
  userOf(world, user_id);
  const known = [...world.state.organizationMemberships.values()].find(
    (other) => other.user_id === user_id && other.organization_id === organization_id,
  );
  if (known) requireInactive(known);
  const membership = addMembership(world, organization_id, user_id, {
    role,
    ...(known && { id: known.id, created_at: known.created_at }),
  });
  return { status: 201, body: withUser(world, membership) };
}

function requireInactive({ status }: OrganizationMembership): void {
  if (status === 'pending')
    throw badRequest(
      'cannot_reactivate_pending_organization_membership',
      'The invitation is not accepted yet.',
    );
  if (status === 'active')
    throw new ApiError(409, {
      code: 'organization_membership_already_exists',
      message: 'The user is already a member of the organization.',
    });
}

export interface GivenRoles {
  role_slug?: string | undefined;
  role_slugs?: string[] | undefined;
}

/** @throws ApiError 422 */
export function roleOf(world: World, organizationId: string, given: GivenRoles): string {
  const [slug = '', ...more] = given.role_slugs ?? [given.role_slug ?? 'member'];
  if (more.length > 0)
    throw new ApiError(422, {
      code: 'multiple_roles_not_enabled',
      message: 'Only one role is allowed.',
    });
  if (hasRole(world, organizationId, slug)) return slug;
  throw new ApiError(422, { code: 'invalid_role', message: `The role '${slug}' is not known.` });
}

function get(request: ApiRequest, world: World): Reply {
  return { status: 200, body: withUser(world, membershipOf(request, world)) };
}

/** Also removes the member from groups. */
function remove(request: ApiRequest, world: World): Reply {
  const { id } = membershipOf(request, world);
  const { organizationMemberships, groupMembers } = world.state;
  organizationMemberships.delete(id);
  for (const [key, { membership_id }] of groupMembers)
    if (membership_id === id) groupMembers.delete(key);
  return { status: 200 };
}

export function membershipOf(request: ApiRequest, { state }: World): OrganizationMembership {
  const id = idOf(request);
  return requireFound(state.organizationMemberships.get(id), 'Organization membership', id);
}

export function withUser(world: World, membership: OrganizationMembership) {
  const { role, user_id } = membership;
  return { ...membership, roles: [role], user: userOf(world, user_id) };
}

export function badRequest(code: string, message: string): ApiError {
  return new ApiError(400, { code, message });
}
