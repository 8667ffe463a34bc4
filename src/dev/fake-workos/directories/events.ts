/** Emits the `dsync.*` events of users, groups and memberships. */
import { isDeepStrictEqual } from 'node:util';
import type { DirectoryGroup, DirectoryUser } from '../state/directories.ts';
import { emit } from '../events/events.ts';
import type { World } from '../state/world.ts';

type Member = DirectoryUser | DirectoryGroup;

const kindOf = ({ object }: Member) => (object === 'directory_user' ? 'user' : 'group');

export function emitMember(world: World, member: Member, change: 'created' | 'deleted'): void {
  emit(world, `dsync.${kindOf(member)}.${change}`, member);
}

/** Adds `previous_attributes`: the old value of each changed attribute. */
export function emitUpdate(world: World, before: Member, after: Member): void {
  const current = new Map(Object.entries(after));
  const changed = Object.entries(before).filter(
    ([name, value]) => name !== 'updated_at' && !isDeepStrictEqual(value, current.get(name)),
  );
  emit(world, `dsync.${kindOf(after)}.updated`, {
    ...after,
    previous_attributes: Object.fromEntries(changed),
  });
}

export function emitMembership(
  world: World,
  { user, group }: { user: DirectoryUser; group: DirectoryGroup },
  change: 'user_added' | 'user_removed',
): void {
  emit(world, `dsync.group.${change}`, { directory_id: group.directory_id, user, group });
}
