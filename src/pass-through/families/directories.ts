import { z } from 'zod';
import { listOf } from '../../http/pagination.ts';
import { UPSTREAM_PROBLEMS } from '../../core/problem.ts';
import { TenantId } from '../../core/wire-ids.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import {
  filter,
  flag,
  free,
  id,
  list,
  object,
  ObjectId,
  objectParams,
  page,
  part,
  stamps,
  tenantId,
  text,
  whole,
} from '../forwarding/wire.ts';

/** @see https://workos.com/docs/reference/directory-sync/directory */
const Directory = object('Directory', 'directory', {
  id: id('directory'),
  organization_id: tenantId,
  external_key: text('A key assigned by WorkOS.'),
  type: text('The kind of directory, e.g. `okta scim v2.0`; the list grows.'),
  state: text('`linked` (older: `active`) once it is synchronised.'),
  name: text('The name of the directory.'),
  domain: text('The domain of its users.'),
  metadata: part(
    {
      users: part(
        {
          active: whole('The number of active users.'),
          inactive: whole('The number of inactive users.'),
        },
        'Users.',
      ),
      groups: whole('The number of groups.'),
    },
    'The numbers of users and groups.',
  ),
  ...stamps,
});

const group = {
  id: id('group'),
  idp_id: text('The group’s id at the identity provider.'),
  directory_id: text('The id of the directory.'),
  organization_id: tenantId,
  name: text('The name of the group.'),
  raw_attributes: free('The attributes as the directory sends them.'),
  ...stamps,
};
const DirectoryGroup = object('DirectoryGroup', 'directory_group', group);

const role = part({ slug: text('The slug of the role.') }, 'A role at WorkOS.');
const DirectoryUser = object('DirectoryUser', 'directory_user', {
  id: id('user'),
  directory_id: text('The id of the directory.'),
  organization_id: tenantId,
  idp_id: text('The user’s id at the identity provider.'),
  email: text('The e-mail address.'),
  first_name: text('The first name.'),
  last_name: text('The last name.'),
  name: text('The full name.'),
  emails: list(
    z.object({
      primary: flag('True for the main address.'),
      type: text('The kind of address, e.g. `work`.'),
      value: text('The e-mail address.'),
    }),
    'All addresses.',
  ),
  job_title: text('The job title.'),
  username: text('The user name.'),
  state: text('`active`, `suspended` or `inactive`.'),
  raw_attributes: free('The attributes as the directory sends them.'),
  custom_attributes: free('The attributes that the environment maps.'),
  role,
  roles: list(z.object({ slug: text('The slug of the role.') }), 'All roles.'),
  groups: list(z.object({ object: text('Always `directory_group`.'), ...group }), 'Groups.'),
  ...stamps,
});

const members = {
  class: 'directory_users',
  rule: 'container',
  noun: 'directory',
  coalesced: true,
} as const;
const byDirectory = (what: string) => ObjectId.optional().meta({ description: `Only ${what}.` });

export const directoriesContract = {
  listDirectories: {
    method: 'get',
    path: '/directories',
    summary: 'List directories',
    access: { scope: 'directories:read', tenant: 'query.organization_id', orEveryTenant: true },
    query: z.strictObject({
      ...page,
      organization_id: TenantId.optional().meta({
        description: 'Only directories of this tenant.',
      }),
      search: filter('Only directories with this text in the name or domain.'),
      domain: filter('Only directories with this domain.').meta({ deprecated: true }),
    }),
    reply: { status: 200, body: listOf('DirectoryList', Directory) },
    problems: ['organization-id-required', ...UPSTREAM_PROBLEMS],
    forward: { class: 'directories', rule: 'named', noun: 'directory', cursor: '/directories/' },
  },
  getDirectory: {
    method: 'get',
    path: '/directories/{id}',
    summary: 'Get a directory',
    access: { scope: 'directories:read', tenantOf: 'object' },
    params: objectParams,
    reply: { status: 200, body: Directory },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: { class: 'directories', rule: 'object', noun: 'directory' },
  },
  deleteDirectory: {
    method: 'delete',
    path: '/directories/{id}',
    summary: 'Delete a directory',
    description:
      'Also deletes its users and groups. WorkOS does it in the background. It cannot be undone.',
    access: { scope: 'directories:write', tenantOf: 'object', actingUser: 'it-admin' },
    params: objectParams,
    reply: { status: 204 },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: { class: 'directories', rule: 'object', noun: 'directory', audited: true },
  },
  listDirectoryUsers: {
    method: 'get',
    path: '/directory_users',
    summary: 'List the users of a directory or a group',
    description:
      'WorkOS allows four such reads a second per directory. Identical reads share one call; further ones get 503 with `Retry-After`.',
    access: { scope: 'directories:read', tenantOf: 'object' },
    query: z.strictObject({
      ...page,
      directory: byDirectory('of this directory'),
      group: byDirectory('of this group'),
      idp_id: filter('Only users with this id at the identity provider. Requires `directory`.'),
      email: filter('Only users with this e-mail address. Requires `directory`.'),
    }),
    reply: { status: 200, body: listOf('DirectoryUserList', DirectoryUser) },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: { ...members, cursor: '/directory_users/' },
  },
  getDirectoryUser: {
    method: 'get',
    path: '/directory_users/{id}',
    summary: 'Get a user of a directory',
    access: { scope: 'directories:read', tenantOf: 'object' },
    params: objectParams,
    reply: { status: 200, body: DirectoryUser },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: { class: 'directory_users', rule: 'object', noun: 'directory user', coalesced: true },
  },
  listDirectoryGroups: {
    method: 'get',
    path: '/directory_groups',
    summary: 'List the groups of a directory or a user',
    access: { scope: 'directories:read', tenantOf: 'object' },
    query: z.strictObject({
      ...page,
      directory: byDirectory('of this directory'),
      user: byDirectory('of this user'),
    }),
    reply: { status: 200, body: listOf('DirectoryGroupList', DirectoryGroup) },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: { ...members, cursor: '/directory_groups/' },
  },
  getDirectoryGroup: {
    method: 'get',
    path: '/directory_groups/{id}',
    summary: 'Get a group of a directory',
    access: { scope: 'directories:read', tenantOf: 'object' },
    params: objectParams,
    reply: { status: 200, body: DirectoryGroup },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: { class: 'directory_users', rule: 'object', noun: 'directory group', coalesced: true },
  },
} as const satisfies ForwardedContract;
