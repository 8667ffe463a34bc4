import { z } from 'zod';
import { Line } from '../../core/text.ts';
import { OBJECT_PROBLEMS } from '../../core/problem.ts';
import { TenantId } from '../../core/wire-ids.ts';
import { listOf } from '../../http/pagination.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { GroupMember } from './membership-fields.ts';
import {
  Description,
  filter,
  id,
  object,
  ObjectId,
  page,
  stamps,
  tenantId,
  text,
} from '../forwarding/wire.ts';

/** @see https://workos.com/docs/reference/groups */
export const Group = object('Group', 'group', {
  id: id('group'),
  organization_id: tenantId,
  name: text('The name.'),
  description: text('The description.'),
  ...stamps,
});

const tenant = z.object({ organization_id: TenantId });
const one = tenant.extend({
  group_id: ObjectId.meta({ description: 'The id of the group at WorkOS.' }),
});
const MembershipId = ObjectId.meta({ description: 'The id of the membership at WorkOS.' });
const name = Line(256).meta({ description: 'The name.' });

const group = { class: 'groups', rule: 'named', noun: 'group' } as const;
const read = { scope: 'groups:read', tenant: 'params.organization_id' } as const;
const write = { scope: 'groups:write', tenant: 'params.organization_id' } as const;
/** Changes a group that exists. */
const act = {
  ...group,
  names: [{ at: 'params.group_id', kind: 'group' }],
  audited: true,
} as const;

export const groupsContract = {
  listGroups: {
    method: 'get',
    path: '/organizations/{organization_id}/groups',
    summary: 'List the groups of a tenant',
    access: read,
    params: tenant,
    query: z.strictObject({
      ...page,
      search: filter('Only groups whose name contains this text.'),
    }),
    reply: { status: 200, body: listOf('GroupList', Group) },
    problems: OBJECT_PROBLEMS,
    forward: { ...group, cursor: 'group' },
  },
  createGroup: {
    method: 'post',
    path: '/organizations/{organization_id}/groups',
    summary: 'Create a group',
    access: write,
    params: tenant,
    body: z
      .strictObject({ name, description: Description })
      .meta({ id: 'CreateGroup', description: 'A new group.' }),
    reply: { status: 201, body: Group },
    problems: OBJECT_PROBLEMS,
    forward: { ...group, audited: true },
    example: { name: 'Engineering' },
  },
  getGroup: {
    method: 'get',
    path: '/organizations/{organization_id}/groups/{group_id}',
    summary: 'Get a group',
    access: read,
    params: one,
    reply: { status: 200, body: Group },
    problems: OBJECT_PROBLEMS,
    forward: group,
  },
  updateGroup: {
    method: 'patch',
    path: '/organizations/{organization_id}/groups/{group_id}',
    summary: 'Change a group',
    access: write,
    params: one,
    body: z
      .strictObject({ name: name.optional(), description: Description })
      .meta({ id: 'UpdateGroup', description: 'The fields to change.' }),
    reply: { status: 200, body: Group },
    problems: OBJECT_PROBLEMS,
    forward: act,
    example: { name: 'Engineers' },
  },
  deleteGroup: {
    method: 'delete',
    path: '/organizations/{organization_id}/groups/{group_id}',
    summary: 'Delete a group',
    access: write,
    params: one,
    reply: { status: 204 },
    problems: OBJECT_PROBLEMS,
    forward: act,
  },
  listGroupMembers: {
    method: 'get',
    path: '/organizations/{organization_id}/groups/{group_id}/organization-memberships',
    summary: 'List the members of a group',
    access: read,
    params: one,
    query: z.strictObject(page),
    reply: { status: 200, body: listOf('GroupMemberList', GroupMember) },
    problems: OBJECT_PROBLEMS,
    forward: { ...group, cursor: '/user_management/organization_memberships/' },
  },
  addGroupMember: {
    method: 'post',
    path: '/organizations/{organization_id}/groups/{group_id}/organization-memberships',
    summary: 'Add a member to a group',
    access: write,
    params: one,
    body: z
      .strictObject({ organization_membership_id: MembershipId })
      .meta({ id: 'AddGroupMember', description: 'A membership in the same tenant.' }),
    reply: { status: 200, body: Group },
    problems: OBJECT_PROBLEMS,
    forward: {
      ...act,
      names: [...act.names, { at: 'body.organization_membership_id', kind: 'membership' }],
      bodyNouns: { organization_membership_id: 'organization membership' },
    },
  },
  removeGroupMember: {
    method: 'delete',
    path: '/organizations/{organization_id}/groups/{group_id}/organization-memberships/{membership_id}',
    summary: 'Remove a member from a group',
    access: write,
    params: one.extend({ membership_id: MembershipId }),
    reply: { status: 204 },
    problems: OBJECT_PROBLEMS,
    forward: act,
  },
} as const satisfies ForwardedContract;
