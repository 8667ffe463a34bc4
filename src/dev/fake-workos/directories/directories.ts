/** `/directories`. The API has no create operation: only the portal creates directories. */
import { directoryOf } from './members.ts';
import { deletedDirectoryData, directoryData } from '../events/event-data.ts';
import { emit } from '../events/events.ts';
import { idOf, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import { randomText } from '../state/ids.ts';
import { listReply } from '../http/listing.ts';
import { organizationOf } from '../organizations/organizations.ts';
import type { Directory } from '../state/directories.ts';
import { timestamps, type World } from '../state/world.ts';

export const directoryOperations: readonly Operation[] = [
  { method: 'GET', path: '/directories', perform: list },
  { method: 'GET', path: '/directories/{id}', perform: get },
  { method: 'DELETE', path: '/directories/{id}', perform: remove },
];

/** Creates the directory that an IT admin would set up in the portal. */
export function addDirectory(
  world: World,
  organizationId: string,
  given: Partial<Directory> = {},
): Directory {
  const organization = organizationOf(world, organizationId);
  const domain = organization.domains[0]?.domain;
  const directory: Directory = {
    object: 'directory',
    id: world.newId('directory'),
    organization_id: organization.id,
    external_key: randomText(16),
    type: 'okta scim v2.0',
    state: 'linked',
    name: organization.name,
    ...(domain === undefined ? {} : { domain }),
    metadata: { users: { active: 0, inactive: 0 }, groups: 0 },
    ...timestamps(world),
    ...given,
  };
  world.state.directories.set(directory.id, directory);
  if (directory.state === 'linked')
    emit(world, 'dsync.activated', directoryData(directory, organization));
  return directory;
}

/** Links or unlinks a directory, as a person does in the dashboard or the portal. */
export function changeDirectory(world: World, id: string, state: 'linked' | 'unlinked'): Directory {
  const directory = directoryOf(world, id);
  Object.assign(directory, { state, updated_at: world.now().toISOString() });
  const event = state === 'linked' ? 'dsync.activated' : 'dsync.deactivated';
  emit(world, event, directoryData(directory, organizationOf(world, directory.organization_id)));
  return directory;
}

/** Also deletes its users and groups, without events for them. */
export function deleteDirectory(world: World, id: string): void {
  const { state } = world;
  emit(world, 'dsync.deleted', deletedDirectoryData(directoryOf(world, id)));
  state.directories.delete(id);
  for (const members of [state.directoryUsers, state.directoryGroups, state.directoryMemberships])
    for (const [key, { directory_id }] of members) if (directory_id === id) members.delete(key);
}

function list(request: ApiRequest, { state }: World): Reply {
  const { domain, organization_id, search } = request.query;
  const matching = [...state.directories.values()].filter(
    (directory) =>
      (!organization_id || directory.organization_id === organization_id) &&
      (!domain || directory.domain === domain) &&
      (!search || directory.name.toLowerCase().includes(search.toLowerCase())),
  );
  return listReply(matching, request);
}

function get(request: ApiRequest, world: World): Reply {
  return { status: 200, body: directoryOf(world, idOf(request)) };
}

function remove(request: ApiRequest, world: World): Reply {
  deleteDirectory(world, idOf(request));
  return { status: 202 };
}
