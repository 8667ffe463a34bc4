/** Members of a group, and groups of a member. */
import { z } from 'zod';
import {
  requireFound,
  without,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { listReply } from '../http/listing.ts';
import { parse } from '../http/validation.ts';
import type { OrganizationMembership } from '../state/users.ts';
import type { World } from '../state/world.ts';
import { userOf } from '../users/users.ts';
import { groupOf } from './groups.ts';

const PATH = '/organizations/{organizationId}/groups/{groupId}/organization-memberships';

export const groupMemberOperations: readonly Operation[] = [
  { method: 'GET', path: PATH, perform: list },
  { method: 'POST', path: PATH, perform: add },
  { method: 'DELETE', path: `${PATH}/{omId}`, perform: remove },
  {
    method: 'GET',
    path: '/user_management/organization_memberships/{omId}/groups',
    perform: listGroups,
  },
];

function list(request: ApiRequest, world: World): Reply {
  const { id } = groupOf(request, world);
  const members = [...world.state.groupMembers.values()]
    .filter(({ group_id }) => group_id === id)
    .map(({ membership_id }) => membershipOf(world, membership_id));
  return listReply(members, request, (membership) => ({
    ...without(membership, 'role'),
    user: userOf(world, membership.user_id),
  }));
}

function listGroups(request: ApiRequest, world: World): Reply {
  const { id } = membershipOf(world, request.params.omId ?? '');
  const { groups, groupMembers } = world.state;
  const ids = [...groupMembers.values()]
    .filter(({ membership_id }) => membership_id === id)
    .map(({ group_id }) => group_id);
  return listReply(
    [...groups.values()].filter((group) => ids.includes(group.id)),
    request,
  );
}

function add(request: ApiRequest, world: World): Reply {
  const group = groupOf(request, world);
  const { organization_membership_id: id } = parse(
    z.object({ organization_membership_id: z.string() }),
    request.body,
  );
  const membership = world.state.organizationMemberships.get(id);
  const isInside = membership?.organization_id === group.organization_id;
  requireFound(isInside ? membership : undefined, 'Organization membership', id);
  world.state.groupMembers.set(keyOf(group.id, id), { group_id: group.id, membership_id: id });
  return { status: 200, body: group };
}

function remove(request: ApiRequest, world: World): Reply {
  const id = request.params.omId ?? '';
  const key = keyOf(groupOf(request, world).id, id);
  requireFound(world.state.groupMembers.get(key), 'Organization membership', id);
  world.state.groupMembers.delete(key);
  return { status: 204 };
}

function membershipOf({ state }: World, id: string): OrganizationMembership {
  return requireFound(state.organizationMemberships.get(id), 'Organization membership', id);
}

const keyOf = (groupId: string, membershipId: string) => `${groupId} ${membershipId}`;
