import { z } from 'zod';
import { Line } from '../../core/text.ts';
import { OBJECT_PROBLEMS } from '../../core/problem.ts';
import { TenantId } from '../../core/wire-ids.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { Description, id, list, object, stamps, text } from '../forwarding/wire.ts';

/** @see https://workos.com/docs/reference/authorization/roles */
export const Role = object('Role', 'role', {
  id: id('role'),
  slug: text('The unique name.'),
  name: text('The name that people see.'),
  description: text('The description.'),
  type: text('`EnvironmentRole`, or `OrganizationRole` for a role of one tenant.'),
  resource_type_slug: text('The kind of resource that the role is for.'),
  permissions: list(z.string(), 'The slugs of its permissions.'),
  ...stamps,
});
export const RoleList = z
  .object({
    object: z.literal('list').meta({ description: 'Always `list`.' }),
    data: z.array(Role).meta({ description: 'All roles.' }),
  })
  .meta({ id: 'RoleList', description: 'A list of roles, not in pages.' });

/** WorkOS's own limit is shorter for new slugs; those of its dashboard may be longer. */
export const Slug = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9:_.*-]{0,254}$/, 'must be a slug, e.g. billing-admin');
const name = Line(48).meta({ description: 'The name that people see.' });
const resource_type_slug = Slug.optional().meta({
  description: 'The kind of resource that it is for. Default: `organization`.',
});
/** The fields of a new role or permission, and those that may change later. */
export const newFields = { name, description: Description, resource_type_slug };
export const changedFields = { name: name.optional(), description: Description };

export const AddPermission = z
  .strictObject({ slug: Slug.meta({ description: 'The slug of the permission.' }) })
  .meta({ id: 'AddPermission', description: 'The permission to add.' });
export const SetPermissions = z
  .strictObject({
    permissions: z
      .array(Slug)
      .max(1_000)
      .meta({ description: 'The slugs of all permissions of the role.' }),
  })
  .meta({ id: 'SetPermissions', description: 'The permissions of the role.' });
export const UpdateRole = z
  .strictObject(changedFields)
  .meta({ id: 'UpdateRole', description: 'The fields to change.' });

const tenant = z.object({ organization_id: TenantId });
const one = tenant.extend({ slug: Slug.meta({ description: 'The slug of the role.' }) });

const role = { class: 'authorization', rule: 'named', noun: 'role', unmarked: true } as const;
/** The objects, besides the role of the path, that a 404 of WorkOS may be about. */
export const PERMISSION_NOUNS = { slug: 'permission', permissions: 'permission' } as const;
export const RESOURCE_NOUNS = { resource_type_slug: 'kind of resource' } as const;
const changed = { ...role, audited: true } as const;
const read = { scope: 'roles:read', tenant: 'params.organization_id' } as const;
const write = { scope: 'roles:write', tenant: 'params.organization_id' } as const;
const reply = { status: 200, body: Role } as const;
export const rolesContract = {
  listOrganizationRoles: {
    method: 'get',
    path: '/authorization/organizations/{organization_id}/roles',
    summary: 'List the roles of a tenant',
    description: 'Includes the roles of the environment, which every tenant has.',
    access: read,
    params: tenant,
    reply: { status: 200, body: RoleList },
    problems: OBJECT_PROBLEMS,
    forward: role,
  },
  createOrganizationRole: {
    method: 'post',
    path: '/authorization/organizations/{organization_id}/roles',
    summary: 'Create a role of a tenant',
    access: write,
    params: tenant,
    body: z
      .strictObject({
        slug: Slug.optional().meta({ description: 'The unique name. Default: made of the name.' }),
        ...newFields,
      })
      .meta({ id: 'CreateOrganizationRole', description: 'A new role.' }),
    reply: { status: 201, body: Role },
    problems: OBJECT_PROBLEMS,
    forward: { ...changed, bodyNouns: RESOURCE_NOUNS },
    example: { slug: 'org-billing-admin', name: 'Billing admin' },
  },
  getOrganizationRole: {
    method: 'get',
    path: '/authorization/organizations/{organization_id}/roles/{slug}',
    summary: 'Get a role of a tenant',
    access: read,
    params: one,
    reply,
    problems: OBJECT_PROBLEMS,
    forward: role,
  },
  updateOrganizationRole: {
    method: 'patch',
    path: '/authorization/organizations/{organization_id}/roles/{slug}',
    summary: 'Change a role of a tenant',
    access: write,
    params: one,
    body: UpdateRole,
    reply,
    problems: OBJECT_PROBLEMS,
    forward: changed,
    example: { name: 'Billing' },
  },
  deleteOrganizationRole: {
    method: 'delete',
    path: '/authorization/organizations/{organization_id}/roles/{slug}',
    summary: 'Delete a role of a tenant',
    description: 'A role that members have is a 409.',
    access: write,
    params: one,
    reply: { status: 204 },
    problems: OBJECT_PROBLEMS,
    forward: changed,
  },
  setOrganizationRolePermissions: {
    method: 'put',
    path: '/authorization/organizations/{organization_id}/roles/{slug}/permissions',
    summary: 'Set the permissions of a tenant’s role',
    access: write,
    params: one,
    body: SetPermissions,
    reply,
    problems: OBJECT_PROBLEMS,
    forward: { ...changed, bodyNouns: PERMISSION_NOUNS },
    example: { permissions: ['invoices:read'] },
  },
  addOrganizationRolePermission: {
    method: 'post',
    path: '/authorization/organizations/{organization_id}/roles/{slug}/permissions',
    summary: 'Add a permission to a tenant’s role',
    access: write,
    params: one,
    body: AddPermission,
    reply,
    problems: OBJECT_PROBLEMS,
    forward: { ...changed, bodyNouns: PERMISSION_NOUNS },
    example: { slug: 'invoices:read' },
  },
  removeOrganizationRolePermission: {
    method: 'delete',
    path: '/authorization/organizations/{organization_id}/roles/{slug}/permissions/{permission_slug}',
    summary: 'Remove a permission from a tenant’s role',
    access: write,
    params: one.extend({
      permission_slug: Slug.meta({ description: 'The slug of the permission.' }),
    }),
    reply,
    problems: OBJECT_PROBLEMS,
    forward: changed,
  },
} as const satisfies ForwardedContract;
