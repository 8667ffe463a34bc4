/** `/directory_users`: read-only, with a rate limit per directory. */
import { z } from 'zod';
import { directoryOf } from './members.ts';
import { groupOf, isMember, userOf } from './memberships.ts';
import type { DirectoryGroup, DirectoryUser } from '../state/directories.ts';
import { idOf, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import { listReply } from '../http/listing.ts';
import { requireBelowRateLimit } from './rate-limit.ts';
import { parse } from '../http/validation.ts';
import type { World } from '../state/world.ts';

export const directoryUserOperations: readonly Operation[] = [
  { method: 'GET', path: '/directory_users', perform: list },
  { method: 'GET', path: '/directory_users/{id}', perform: get },
];

const Filters = z
  .object({
    directory: z.string().optional(),
    group: z.string().optional(),
    idp_id: z.string().optional(),
    email: z.string().optional(),
  })
  .refine(({ directory, group }) => directory ?? group, { path: ['directory'] })
  .refine(({ directory, idp_id }) => directory ?? idp_id === undefined, { path: ['idp_id'] })
  .refine(({ directory, email }) => directory ?? email === undefined, { path: ['email'] });

function list(request: ApiRequest, world: World): Reply {
  const { directory, group, idp_id, email } = parse(Filters, request.query);
  const inGroup = group === undefined ? undefined : groupOf(world.state, group);
  const { id } = directoryOf(world, directory ?? inGroup?.directory_id ?? '');
  requireBelowRateLimit(world.limits, id, world.now());
  const matching = [...world.state.directoryUsers.values()].filter(
    (user) =>
      user.directory_id === id &&
      (!inGroup || isMember(world, inGroup.id, user.id)) &&
      (idp_id === undefined || user.idp_id === idp_id) &&
      (email === undefined || user.email?.toLowerCase() === email.toLowerCase()),
  );
  return listReply(matching, request, (user) => withGroups(world, user));
}

function get(request: ApiRequest, world: World): Reply {
  return { status: 200, body: withGroups(world, userOf(world.state, idOf(request))) };
}

function withGroups(
  world: World,
  user: DirectoryUser,
): DirectoryUser & { groups: DirectoryGroup[] } {
  const groups = [...world.state.directoryGroups.values()];
  return { ...user, groups: groups.filter(({ id }) => isMember(world, id, user.id)) };
}
