/** Membership of directory users in groups. */
import { emitMembership } from './events.ts';
import type { DirectoryGroup, DirectoryUser } from '../state/directories.ts';
import { requireFound } from '../http/operation.ts';
import type { World } from '../state/world.ts';

/** Idempotent. */
export function addToGroup(world: World, groupId: string, userId: string): void {
  const group = groupOf(world.state, groupId);
  const user = userOf(world.state, userId);
  const { organization_id, directory_id } = group;
  if (user.directory_id !== directory_id)
    throw new Error('A group can only contain users of its own directory.');
  const key = keyOf(groupId, userId);
  if (world.state.directoryMemberships.has(key)) return;
  world.state.directoryMemberships.set(key, {
    organization_id,
    directory_id,
    group_id: groupId,
    user_id: userId,
  });
  emitMembership(world, { user, group }, 'user_added');
}

/** Idempotent. */
export function removeFromGroup(world: World, groupId: string, userId: string): void {
  const { state } = world;
  if (!state.directoryMemberships.delete(keyOf(groupId, userId))) return;
  const [user, group] = [userOf(state, userId), groupOf(state, groupId)];
  emitMembership(world, { user, group }, 'user_removed');
}

/** Removes all memberships of a user or a group. */
export function removeMemberships(world: World, memberId: string): void {
  for (const { group_id, user_id } of [...world.state.directoryMemberships.values()])
    if (group_id === memberId || user_id === memberId) removeFromGroup(world, group_id, user_id);
}

export function isMember({ state }: World, groupId: string, userId: string): boolean {
  return state.directoryMemberships.has(keyOf(groupId, userId));
}

/** @throws ApiError 404 */
export function userOf({ directoryUsers }: World['state'], id: string): DirectoryUser {
  return requireFound(directoryUsers.get(id), 'Directory User', id);
}

/** @throws ApiError 404 */
export function groupOf({ directoryGroups }: World['state'], id: string): DirectoryGroup {
  return requireFound(directoryGroups.get(id), 'Directory Group', id);
}

const keyOf = (groupId: string, userId: string): string => `${groupId} ${userId}`;
