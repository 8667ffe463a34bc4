/** `/organizations/{organizationId}/groups`: groups of members of an organization. */
import { z } from 'zod';
import { requireFound, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import { listReply } from '../http/listing.ts';
import { parse } from '../http/validation.ts';
import { organizationOf } from '../organizations/organizations.ts';
import type { Group } from '../state/access.ts';
import { timestamps, type World } from '../state/world.ts';

const PATH = '/organizations/{organizationId}/groups';

export const groupOperations: readonly Operation[] = [
  { method: 'GET', path: PATH, perform: list },
  { method: 'POST', path: PATH, perform: create },
  { method: 'GET', path: `${PATH}/{groupId}`, perform: get },
  { method: 'PATCH', path: `${PATH}/{groupId}`, perform: update },
  { method: 'DELETE', path: `${PATH}/{groupId}`, perform: remove },
];

const Description = z.string().min(1).max(150).nullable().optional();
const CreateGroup = z.object({ name: z.string().min(1).max(256), description: Description });
const UpdateGroup = CreateGroup.partial();

function list(request: ApiRequest, world: World): Reply {
  const { id } = ownerOf(request, world);
  const search = (request.query.search ?? '').toLowerCase();
  const matching = [...world.state.groups.values()].filter(
    (one) => one.organization_id === id && one.name.toLowerCase().includes(search),
  );
  return listReply(matching, request);
}

function create(request: ApiRequest, world: World): Reply {
  const { id } = ownerOf(request, world);
  const { name, description = null } = parse(CreateGroup, request.body);
  const group: Group = {
    object: 'group',
    id: world.newId('group'),
    organization_id: id,
    name,
    description,
    ...timestamps(world),
  };
  world.state.groups.set(group.id, group);
  return { status: 201, body: group };
}

function get(request: ApiRequest, world: World): Reply {
  return { status: 200, body: groupOf(request, world) };
}

function update(request: ApiRequest, world: World): Reply {
  const group = groupOf(request, world);
  const { name = group.name, description = group.description } = parse(UpdateGroup, request.body);
  const stored = { ...group, name, description, updated_at: world.now().toISOString() };
  world.state.groups.set(stored.id, stored);
  return { status: 200, body: stored };
}

function remove(request: ApiRequest, world: World): Reply {
  const { id } = groupOf(request, world);
  const { groups, groupMembers } = world.state;
  groups.delete(id);
  for (const [key, { group_id }] of groupMembers) if (group_id === id) groupMembers.delete(key);
  return { status: 204 };
}

const ownerOf = ({ params }: ApiRequest, world: World) =>
  organizationOf(world, params.organizationId ?? '');

/** @throws ApiError 404 unless the group is the organization's */
export function groupOf(request: ApiRequest, world: World): Group {
  const { id } = ownerOf(request, world);
  const groupId = request.params.groupId ?? '';
  const group = world.state.groups.get(groupId);
  return requireFound(group?.organization_id === id ? group : undefined, 'Group', groupId);
}
