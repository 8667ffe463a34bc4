/** `/authorization/permissions`: permissions of the environment. */
import { z } from 'zod';
import {
  ApiError,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { listReply } from '../http/listing.ts';
import { parse } from '../http/validation.ts';
import type { Permission } from '../state/access.ts';
import { timestamps, type World } from '../state/world.ts';

const PATH = '/authorization/permissions';

export const permissionOperations: readonly Operation[] = [
  { method: 'GET', path: PATH, perform: list },
  { method: 'POST', path: PATH, perform: create },
  { method: 'GET', path: `${PATH}/{slug}`, perform: get },
  { method: 'PATCH', path: `${PATH}/{slug}`, perform: update },
  { method: 'DELETE', path: `${PATH}/{slug}`, perform: remove },
];

export const Slug = z
  .string()
  .max(48)
  .regex(/^[a-z0-9:_.-]+$/);
/** Fields that may change. */
export const Texts = {
  name: z.string().min(1).max(48),
  description: z.string().min(1).max(150).nullable().optional(),
};
const CreatePermission = z.object({ slug: Slug, resource_type_slug: Slug.optional(), ...Texts });

function list(request: ApiRequest, world: World): Reply {
  return listReply(world.state.permissions.values(), request);
}

function create(request: ApiRequest, world: World): Reply {
  const input = parse(CreatePermission, request.body);
  if (find(world, input.slug))
    throw new ApiError(409, {
      code: 'permission_slug_conflict',
      message: `A permission with slug '${input.slug}' already exists.`,
    });
  const permission: Permission = {
    object: 'permission',
    id: world.newId('perm'),
    slug: input.slug,
    name: input.name,
    description: input.description ?? null,
    system: false,
    resource_type_slug: input.resource_type_slug ?? 'organization',
    ...timestamps(world),
  };
  world.state.permissions.set(permission.id, permission);
  return { status: 201, body: permission };
}

function get(request: ApiRequest, world: World): Reply {
  return { status: 200, body: permissionOf(world, request.params.slug ?? '') };
}

function update(request: ApiRequest, world: World): Reply {
  const permission = permissionOf(world, request.params.slug ?? '');
  const { name = permission.name, description = permission.description } = parse(
    z.object(Texts).partial(),
    request.body,
  );
  const stored = { ...permission, name, description, updated_at: world.now().toISOString() };
  world.state.permissions.set(stored.id, stored);
  return { status: 200, body: stored };
}

function remove(request: ApiRequest, world: World): Reply {
  world.state.permissions.delete(permissionOf(world, request.params.slug ?? '').id);
  return { status: 204 };
}

const find = ({ state }: World, slug: string): Permission | undefined =>
  [...state.permissions.values()].find((one) => one.slug === slug);

/** @throws ApiError 404 */
export const permissionOf = (world: World, slug: string): Permission =>
  requireFound(find(world, slug), 'Permission', slug);
