/** `/authorization/roles` and `/authorization/organizations/{organizationId}/roles`. */
import { z } from 'zod';
import {
  ApiError,
  requireFound,
  without,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { parse } from '../http/validation.ts';
import { organizationOf } from '../organizations/organizations.ts';
import type { Role } from '../state/access.ts';
import type { World } from '../state/world.ts';
import { permissionOf, Slug, Texts } from './permissions.ts';
import { addRole, roleOf, rolesOf } from './roles.ts';

const OF_ENVIRONMENT = '/authorization/roles';
const OF_ORGANIZATION = '/authorization/organizations/{organizationId}/roles';

const operationsAt = (path: string): Operation[] => [
  { method: 'GET', path, perform: list },
  { method: 'POST', path, perform: create },
  { method: 'GET', path: `${path}/{slug}`, perform: get },
  { method: 'PATCH', path: `${path}/{slug}`, perform: update },
  { method: 'POST', path: `${path}/{slug}/permissions`, perform: addPermission },
  { method: 'PUT', path: `${path}/{slug}/permissions`, perform: setPermissions },
];

export const roleOperations: readonly Operation[] = [
  ...operationsAt(OF_ENVIRONMENT),
  ...operationsAt(OF_ORGANIZATION),
  { method: 'DELETE', path: `${OF_ORGANIZATION}/{slug}`, perform: remove },
  {
    method: 'DELETE',
    path: `${OF_ORGANIZATION}/{slug}/permissions/{permissionSlug}`,
    perform: removePermission,
  },
];

/** Null for an operation on the environment. */
function organizationIdOf({ params }: ApiRequest, world: World): string | null {
  const { organizationId } = params;
  return organizationId === undefined ? null : organizationOf(world, organizationId).id;
}

function list(request: ApiRequest, world: World): Reply {
  const data = rolesOf(world, organizationIdOf(request, world)).map(toWire);
  return { status: 200, body: { object: 'list', data } };
}

function create(request: ApiRequest, world: World): Reply {
  const organization_id = organizationIdOf(request, world);
  const isShared = organization_id === null;
  const schema = z.object({ slug: Slug.optional(), resource_type_slug: Slug.optional(), ...Texts });
  const { slug, name, description } = parse(
    isShared ? schema.required({ slug: true }) : schema,
    request.body,
  );
  const unique = slug ?? `org-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
  if (rolesOf(world, organization_id).some((one) => one.slug === unique))
    throw new ApiError(409, {
      code: isShared ? 'role_slug_conflict' : 'organization_role_slug_conflict',
      message: `A role with slug '${unique}' already exists.`,
    });
  const role = addRole(world, {
    slug: unique,
    name,
    description: description ?? null,
    organization_id,
  });
  return { status: 201, body: toWire(role) };
}

function get(request: ApiRequest, world: World): Reply {
  return { status: 200, body: toWire(namedRole(request, world)) };
}

function update(request: ApiRequest, world: World): Reply {
  const role = ownRole(request, world);
  const { name = role.name, description = role.description } = parse(
    z.object(Texts).partial(),
    request.body,
  );
  return store(world, { ...role, name, description });
}

/** A role with members cannot be deleted. */
function remove(request: ApiRequest, world: World): Reply {
  const role = ownRole(request, world);
  const isAssigned = [...world.state.organizationMemberships.values()].some(
    (one) => one.organization_id === role.organization_id && one.role.slug === role.slug,
  );
  if (isAssigned)
    throw new ApiError(409, {
      code: 'role_has_assignments',
      message: 'The role is assigned to members.',
    });
  world.state.roles.delete(role.id);
  return { status: 204 };
}

function addPermission(request: ApiRequest, world: World): Reply {
  const role = ownRole(request, world);
  const { slug } = parse(z.object({ slug: z.string() }), request.body);
  const permissions = [...new Set([...role.permissions, permissionOf(world, slug).slug])];
  return store(world, { ...role, permissions });
}

function setPermissions(request: ApiRequest, world: World): Reply {
  const role = ownRole(request, world);
  const { permissions } = parse(z.object({ permissions: z.array(z.string()) }), request.body);
  return store(world, {
    ...role,
    permissions: permissions.map((slug) => permissionOf(world, slug).slug),
  });
}

function removePermission(request: ApiRequest, world: World): Reply {
  const role = ownRole(request, world);
  const slug = request.params.permissionSlug ?? '';
  requireFound(role.permissions.includes(slug) ? slug : undefined, 'Permission', slug);
  return store(world, { ...role, permissions: role.permissions.filter((one) => one !== slug) });
}

const namedRole = (request: ApiRequest, world: World): Role =>
  roleOf(world, organizationIdOf(request, world), request.params.slug ?? '');

/** A role of the environment cannot be changed through an organization. */
function ownRole(request: ApiRequest, world: World): Role {
  const role = namedRole(request, world);
  const isOwn = role.organization_id === organizationIdOf(request, world);
  return requireFound(isOwn ? role : undefined, 'Role', role.slug);
}

function store(world: World, role: Role): Reply {
  const stored = { ...role, updated_at: world.now().toISOString() };
  world.state.roles.set(stored.id, stored);
  return { status: 200, body: toWire(stored) };
}

const toWire = (role: Role) => without(role, 'organization_id');
