/** What a directory's sync tells, in the shapes of WorkOS's specification. */
import { isDeepStrictEqual } from 'node:util';
import type { DirectoryGroup, DirectoryUser } from '../state/directories.ts';
import { emit } from '../events/events.ts';
import type { World } from '../state/world.ts';

type Member = DirectoryUser | DirectoryGroup;

const kindOf = ({ object }: Member) => (object === 'directory_user' ? 'user' : 'group');

export function emitMember(world: World, member: Member, happened: 'created' | 'deleted'): void {
  emit(world, `dsync.${kindOf(member)}.${happened}`, member);
}

/** With what was there before of each attribute that has changed. */
export function emitUpdate(world: World, before: Member, after: Member): void {
  const now = new Map(Object.entries(after));
  const changed = Object.entries(before).filter(
    ([name, value]) => name !== 'updated_at' && !isDeepStrictEqual(value, now.get(name)),
  );
  emit(world, `dsync.${kindOf(after)}.updated`, {
    ...after,
    previous_attributes: Object.fromEntries(changed),
  });
}

export function emitMembership(
  world: World,
  { user, group }: { user: DirectoryUser; group: DirectoryGroup },
  happened: 'user_added' | 'user_removed',
): void {
  emit(world, `dsync.group.${happened}`, { directory_id: group.directory_id, user, group });
}
