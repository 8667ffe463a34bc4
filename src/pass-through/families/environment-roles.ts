import { z } from 'zod';
import { OBJECT_PROBLEMS } from '../../core/problem.ts';
import { listOf } from '../../http/pagination.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { flag, id, object, page, stamps, text } from '../forwarding/wire.ts';
import {
  AddPermission,
  changedFields,
  newFields,
  PERMISSION_NOUNS,
  RESOURCE_NOUNS,
  Role,
  RoleList,
  SetPermissions,
  Slug,
  UpdateRole,
} from './roles.ts';

/** @see https://workos.com/docs/reference/authorization/permissions */
const Permission = object('Permission', 'permission', {
  id: id('permission'),
  slug: text('The unique name.'),
  name: text('The name that people see.'),
  description: text('The description.'),
  system: flag('True if WorkOS made it.'),
  resource_type_slug: text('The kind of resource that the permission is for.'),
  ...stamps,
});

const ofRole = z.object({ slug: Slug.meta({ description: 'The slug of the role.' }) });
const ofPermission = z.object({ slug: Slug.meta({ description: 'The slug of the permission.' }) });
const slug = Slug.meta({ description: 'The unique name.' });

const role = { class: 'authorization', rule: 'environment', noun: 'role' } as const;
const permission = { ...role, noun: 'permission' } as const;
/** Roles and permissions of the environment are every tenant's, so any client may read them. */
const read = { scope: 'roles:read' } as const;
const write = { scope: 'roles:write', everyTenant: true } as const;
const reply = { status: 200, body: Role } as const;
const problems = OBJECT_PROBLEMS;

export const environmentRolesContract = {
  listRoles: {
    method: 'get',
    path: '/authorization/roles',
    summary: 'List the roles of the environment',
    access: read,
    reply: { status: 200, body: RoleList },
    problems,
    forward: role,
  },
  createRole: {
    method: 'post',
    path: '/authorization/roles',
    summary: 'Create a role of the environment',
    access: write,
    body: z
      .strictObject({ slug, ...newFields })
      .meta({ id: 'CreateRole', description: 'A new role of every tenant.' }),
    reply: { status: 201, body: Role },
    problems,
    forward: { ...role, bodyNouns: RESOURCE_NOUNS, audited: true },
    example: { slug: 'auditor', name: 'Auditor' },
  },
  getRole: {
    method: 'get',
    path: '/authorization/roles/{slug}',
    summary: 'Get a role of the environment',
    access: read,
    params: ofRole,
    reply,
    problems,
    forward: role,
  },
  updateRole: {
    method: 'patch',
    path: '/authorization/roles/{slug}',
    summary: 'Change a role of the environment',
    access: write,
    params: ofRole,
    body: UpdateRole,
    reply,
    problems,
    forward: { ...role, audited: true },
    example: { name: 'Auditors' },
  },
  setRolePermissions: {
    method: 'put',
    path: '/authorization/roles/{slug}/permissions',
    summary: 'Set the permissions of a role of the environment',
    access: write,
    params: ofRole,
    body: SetPermissions,
    reply,
    problems,
    forward: { ...role, bodyNouns: PERMISSION_NOUNS, audited: true },
    example: { permissions: ['invoices:read'] },
  },
  addRolePermission: {
    method: 'post',
    path: '/authorization/roles/{slug}/permissions',
    summary: 'Add a permission to a role of the environment',
    access: write,
    params: ofRole,
    body: AddPermission,
    reply,
    problems,
    forward: { ...role, bodyNouns: PERMISSION_NOUNS, audited: true },
    example: { slug: 'invoices:read' },
  },
  listPermissions: {
    method: 'get',
    path: '/authorization/permissions',
    summary: 'List the permissions of the environment',
    access: read,
    query: z.strictObject(page),
    reply: { status: 200, body: listOf('PermissionList', Permission) },
    problems,
    forward: permission,
  },
  createPermission: {
    method: 'post',
    path: '/authorization/permissions',
    summary: 'Create a permission',
    access: write,
    body: z
      .strictObject({ slug, ...newFields })
      .meta({ id: 'CreatePermission', description: 'A new permission.' }),
    reply: { status: 201, body: Permission },
    problems,
    forward: { ...permission, bodyNouns: RESOURCE_NOUNS, audited: true },
    example: { slug: 'invoices:approve', name: 'Approve invoices' },
  },
  getPermission: {
    method: 'get',
    path: '/authorization/permissions/{slug}',
    summary: 'Get a permission',
    access: read,
    params: ofPermission,
    reply: { status: 200, body: Permission },
    problems,
    forward: permission,
  },
  updatePermission: {
    method: 'patch',
    path: '/authorization/permissions/{slug}',
    summary: 'Change a permission',
    access: write,
    params: ofPermission,
    body: z
      .strictObject(changedFields)
      .meta({ id: 'UpdatePermission', description: 'The fields to change.' }),
    reply: { status: 200, body: Permission },
    problems,
    forward: { ...permission, audited: true },
    example: { name: 'Approve' },
  },
  deletePermission: {
    method: 'delete',
    path: '/authorization/permissions/{slug}',
    summary: 'Delete a permission',
    access: write,
    params: ofPermission,
    reply: { status: 204 },
    problems,
    forward: { ...permission, audited: true },
  },
} as const satisfies ForwardedContract;
