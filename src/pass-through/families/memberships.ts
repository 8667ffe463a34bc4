import { z } from 'zod';
import { Line } from '../../core/text.ts';
import { OBJECT_PROBLEMS, UPSTREAM_PROBLEMS } from '../../core/problem.ts';
import { TenantId } from '../../core/wire-ids.ts';
import { listOf } from '../../http/pagination.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { list, object, ObjectId, objectParams, page, part, text } from '../forwarding/wire.ts';
import { membershipFields, memberUser } from './membership-fields.ts';
import { Group } from './groups.ts';

const role = { slug: text('The slug of a role.') };

/** @see https://workos.com/docs/reference/authkit/organization-membership */
const Membership = object('OrganizationMembership', 'organization_membership', {
  ...membershipFields,
  role: part(role, 'The role of the user in the tenant.'),
  roles: list(z.object(role), 'All roles of the user in the tenant, if several are enabled.'),
  user: memberUser,
});
const roles = {
  role_slug: Line(255)
    .optional()
    .meta({ description: 'The slug of the role. Default: the role that the environment sets.' }),
  role_slugs: z
    .array(Line(255))
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'The slugs of several roles, instead of `role_slug`.' }),
};
const Statuses = z
  .string()
  .regex(
    /^(active|inactive|pending)(,(active|inactive|pending))*$/,
    'must be active, inactive or pending, or several of them',
  )
  .optional()
  .meta({ description: 'Only memberships with these statuses: several are separated by commas.' });

const ROLE_NOUNS = { role_slug: 'role', role_slugs: 'role' } as const;
const membership = { class: 'users', rule: 'object', noun: 'organization membership' } as const;
export const membershipsContract = {
  listOrganizationMemberships: {
    method: 'get',
    path: '/user_management/organization_memberships',
    summary: 'List organization memberships',
    description:
      'Filter by tenant, by user, or by both. By user alone, a client sees the memberships in its own tenants.',
    access: { scope: 'memberships:read', tenant: 'query.organization_id' },
    lists: ['statuses'],
    query: z.strictObject({
      ...page,
      organization_id: TenantId.optional().meta({ description: 'Only members of this tenant.' }),
      user_id: ObjectId.optional().meta({ description: 'Only memberships of this user.' }),
      statuses: Statuses,
    }),
    reply: { status: 200, body: listOf('OrganizationMembershipList', Membership) },
    problems: ['organization-id-required', ...OBJECT_PROBLEMS],
    forward: {
      ...membership,
      rule: 'by-user',
      cursor: '/user_management/organization_memberships/',
    },
  },
  createOrganizationMembership: {
    method: 'post',
    path: '/user_management/organization_memberships',
    summary: 'Make a user a member of a tenant',
    description:
      'The user must be visible to the client: it created the user, or the user is a member of one of its tenants. Invite others.',
    access: { scope: 'memberships:write', tenant: 'body.organization_id' },
    body: z
      .strictObject({
        user_id: ObjectId.meta({ description: 'The id of the user at WorkOS.' }),
        organization_id: TenantId.meta({ description: 'Your tenant id.' }),
        ...roles,
      })
      .meta({ id: 'CreateOrganizationMembership', description: 'A new membership.' }),
    reply: { status: 201, body: Membership },
    problems: ['user-is-shared', ...OBJECT_PROBLEMS],
    forward: {
      ...membership,
      rule: 'named',
      names: [{ at: 'body.user_id', kind: 'user' }],
      bodyNouns: { user_id: 'user', ...ROLE_NOUNS },
      grants: true,
      audited: true,
    },
  },
  getOrganizationMembership: {
    method: 'get',
    path: '/user_management/organization_memberships/{id}',
    summary: 'Get an organization membership',
    access: { scope: 'memberships:read', tenantOf: 'object' },
    params: objectParams,
    reply: { status: 200, body: Membership },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: membership,
  },
  updateOrganizationMembership: {
    method: 'put',
    path: '/user_management/organization_memberships/{id}',
    summary: 'Change the role of a member',
    access: { scope: 'memberships:write', tenantOf: 'object' },
    params: objectParams,
    body: z
      .strictObject(roles)
      .meta({ id: 'UpdateOrganizationMembership', description: 'The new role or roles.' }),
    reply: { status: 200, body: Membership },
    problems: OBJECT_PROBLEMS,
    forward: { ...membership, bodyNouns: ROLE_NOUNS, grants: true, audited: true },
    example: { role_slug: 'admin' },
  },
  deleteOrganizationMembership: {
    method: 'delete',
    path: '/user_management/organization_memberships/{id}',
    summary: 'Remove a user from a tenant',
    description: 'It cannot be undone. To remove somebody for a time, deactivate the membership.',
    access: { scope: 'memberships:write', tenantOf: 'object' },
    params: objectParams,
    reply: { status: 204 },
    problems: OBJECT_PROBLEMS,
    forward: { ...membership, audited: true },
  },
  deactivateOrganizationMembership: {
    method: 'put',
    path: '/user_management/organization_memberships/{id}/deactivate',
    summary: 'Deactivate a membership',
    description: 'The user can no longer sign in to the tenant. WorkOS ends their sessions.',
    access: { scope: 'memberships:write', tenantOf: 'object' },
    params: objectParams,
    reply: { status: 200, body: Membership },
    problems: OBJECT_PROBLEMS,
    forward: { ...membership, audited: true },
  },
  reactivateOrganizationMembership: {
    method: 'put',
    path: '/user_management/organization_memberships/{id}/reactivate',
    summary: 'Reactivate a membership',
    access: { scope: 'memberships:write', tenantOf: 'object' },
    params: objectParams,
    reply: { status: 200, body: Membership },
    problems: OBJECT_PROBLEMS,
    forward: { ...membership, grants: true, audited: true },
  },
  listGroupsOfMembership: {
    method: 'get',
    path: '/user_management/organization_memberships/{id}/groups',
    summary: 'List the groups of a member',
    access: { scope: 'groups:read', tenantOf: 'object' },
    params: objectParams,
    query: z.strictObject(page),
    reply: { status: 200, body: listOf('MembershipGroupList', Group) },
    problems: OBJECT_PROBLEMS,
    forward: { ...membership, cursor: 'group' },
  },
} as const satisfies ForwardedContract;
