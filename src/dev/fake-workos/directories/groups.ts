/** `/directory_groups`: read-only. */
import { z } from 'zod';
import { directoryOf } from './members.ts';
import { groupOf, isMember, userOf } from './memberships.ts';
import { idOf, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import { listReply } from '../http/listing.ts';
import { parse } from '../http/validation.ts';
import type { World } from '../state/world.ts';

export const directoryGroupOperations: readonly Operation[] = [
  { method: 'GET', path: '/directory_groups', perform: list },
  { method: 'GET', path: '/directory_groups/{id}', perform: get },
];

const Filters = z
  .object({ directory: z.string().optional(), user: z.string().optional() })
  .refine(({ directory, user }) => directory ?? user, { path: ['directory'] });

function list(request: ApiRequest, world: World): Reply {
  const { directory, user } = parse(Filters, request.query);
  if (directory !== undefined) directoryOf(world, directory);
  if (user !== undefined) userOf(world.state, user);
  const matching = [...world.state.directoryGroups.values()].filter(
    (group) =>
      (directory === undefined || group.directory_id === directory) &&
      (user === undefined || isMember(world, group.id, user)),
  );
  return listReply(matching, request);
}

function get(request: ApiRequest, { state }: World): Reply {
  return { status: 200, body: groupOf(state, idOf(request)) };
}
