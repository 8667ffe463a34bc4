/** Adds, changes and removes directory users and groups, as the customer's sync does: the API is read-only. */
import { emitMember, emitUpdate } from './events.ts';
import { addToGroup, groupOf, removeMemberships, userOf } from './memberships.ts';
import type { Directory, DirectoryGroup, DirectoryUser } from '../state/directories.ts';
import { requireFound } from '../http/operation.ts';
import { timestamps, type World } from '../state/world.ts';

export function addDirectoryUser(
  world: World,
  directoryId: string,
  given: Partial<DirectoryUser> = {},
): DirectoryUser {
  const directory = directoryOf(world, directoryId);
  const id = world.newId('directory_user');
  const email =
    given.email === undefined
      ? `${id.slice(-8).toLowerCase()}@${domainOf(directory)}`
      : given.email;
  const [first_name, last_name] = [given.first_name ?? null, given.last_name ?? null];
  const user: DirectoryUser = {
    object: 'directory_user',
    id,
    directory_id: directory.id,
    organization_id: directory.organization_id,
    idp_id: world.newId('idp'),
    email,
    first_name,
    last_name,
    name: [first_name, last_name].filter(Boolean).join(' ') || null,
    emails: [{ primary: true, type: 'work', value: email }],
    job_title: null,
    username: email,
    state: 'active',
    raw_attributes: {},
    custom_attributes: {},
    ...timestamps(world),
    ...given,
  };
  world.state.directoryUsers.set(user.id, user);
  countMembers(world, directory);
  emitMember(world, user, 'created');
  return user;
}

export function addDirectoryGroup(
  world: World,
  directoryId: string,
  given: Partial<DirectoryGroup> = {},
): DirectoryGroup {
  const directory = directoryOf(world, directoryId);
  const group: DirectoryGroup = {
    object: 'directory_group',
    id: world.newId('directory_group'),
    idp_id: world.newId('idp'),
    directory_id: directory.id,
    organization_id: directory.organization_id,
    name: 'Group',
    raw_attributes: {},
    ...timestamps(world),
    ...given,
  };
  world.state.directoryGroups.set(group.id, group);
  countMembers(world, directory);
  emitMember(world, group, 'created');
  return group;
}

export function changeDirectoryUser(
  world: World,
  id: string,
  change: Partial<DirectoryUser>,
): DirectoryUser {
  const user = userOf(world.state, id);
  const before = { ...user };
  Object.assign(user, { updated_at: world.now().toISOString() }, change);
  countMembers(world, directoryOf(world, user.directory_id));
  emitUpdate(world, before, user);
  return user;
}

export function changeDirectoryGroup(
  world: World,
  id: string,
  change: Partial<DirectoryGroup>,
): DirectoryGroup {
  const group = groupOf(world.state, id);
  const before = { ...group };
  Object.assign(group, { updated_at: world.now().toISOString() }, change);
  emitUpdate(world, before, group);
  return group;
}

/** Removes a user or a group, with its memberships. */
export function removeDirectoryMember(world: World, id: string): void {
  const { directoryUsers, directoryGroups } = world.state;
  const member = requireFound(directoryUsers.get(id) ?? directoryGroups.get(id), 'Member', id);
  removeMemberships(world, id);
  directoryUsers.delete(id);
  directoryGroups.delete(id);
  countMembers(world, directoryOf(world, member.directory_id));
  emitMember(world, member, 'deleted');
}

/** Fills a new directory: three users in two groups. */
export function seedDirectory(world: World, directory: Directory): void {
  const domain = domainOf(directory);
  const [staff, it] = ['Staff', 'IT'].map(
    (name) => addDirectoryGroup(world, directory.id, { name }).id,
  );
  for (const [first_name, last_name, groups] of [
    ['Ada', 'Lovelace', [staff, it]],
    ['Grace', 'Hopper', [staff]],
    ['Alan', 'Turing', [staff]],
  ] as const) {
    const email = `${first_name.toLowerCase()}@${domain}`;
    const { id } = addDirectoryUser(world, directory.id, { email, first_name, last_name });
    for (const group of groups) addToGroup(world, group ?? '', id);
  }
}

/** @throws ApiError 404 */
export function directoryOf({ state }: World, id: string): Directory {
  return requireFound(state.directories.get(id), 'Directory', id);
}

function domainOf({ domain }: Directory): string {
  return domain ?? 'users.example.com';
}

function countMembers({ state }: World, directory: Directory): void {
  const belongs = ({ directory_id }: { directory_id: string }) => directory_id === directory.id;
  const users = [...state.directoryUsers.values()].filter(belongs);
  const active = users.filter((user) => user.state === 'active').length;
  directory.metadata = {
    users: { active, inactive: users.length - active },
    groups: [...state.directoryGroups.values()].filter(belongs).length,
  };
}
