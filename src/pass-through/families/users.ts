import { z } from 'zod';
import { listOf } from '../../http/pagination.ts';
import { isDotSegment, Line } from '../../core/text.ts';
import { CALLER_PROBLEMS, UPSTREAM_PROBLEMS } from '../../core/problem.ts';
import { TenantId } from '../../core/wire-ids.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import {
  filter,
  flag,
  free,
  id,
  metadataEntries,
  object,
  objectParams,
  page,
  stamps,
  text,
  UserAgent,
} from '../forwarding/wire.ts';

/** @see https://workos.com/docs/reference/user-management/user */
const fields = {
  id: id('user'),
  email: text('The e-mail address.'),
  email_verified: flag('True if the user has proved to own the address.'),
  name: text('The full name.'),
  first_name: text('The first name.'),
  last_name: text('The last name.'),
  profile_picture_url: text('A picture.'),
  last_sign_in_at: text('The time of the last sign-in: ISO 8601.'),
  external_id: text('Your own id of the user.'),
  metadata: free('Your own metadata of the user.'),
  locale: text('The language, e.g. `en-US`.'),
  ...stamps,
};
export const User = object('User', 'user', fields);
const NewUser = object('NewUser', 'user', {
  ...fields,
  radar_auth_attempt_id: text('The id of the attempt, if WorkOS Radar has assessed the sign-up.'),
});

const ExternalId = z
  .string()
  .regex(/^[\x20-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters')
  .refine((value) => !isDotSegment(value), 'must not be a dot segment');
const name = (description: string) => Line(255, 0).nullable().optional().meta({ description });
const profile = {
  first_name: name('The first name.'),
  last_name: name('The last name.'),
  name: name('The full name.'),
  email_verified: z
    .boolean()
    .nullable()
    .optional()
    .meta({ description: 'True if the user has proved to own the address.' }),
  password: Line(1_000).nullable().optional().meta({ description: 'A password.' }),
  password_hash: Line(1_000).optional().meta({ description: 'A hash from another system.' }),
  password_hash_type: z
    .enum(['bcrypt', 'firebase-scrypt', 'ssha', 'ssha256', 'scrypt', 'pbkdf2', 'argon2'])
    .optional()
    .meta({ description: 'The algorithm of the hash.' }),
  password_salt_position: z
    .enum(['prefix', 'suffix'])
    .optional()
    .meta({ description: 'Where the salt of the hash stands.' }),
  external_id: ExternalId.nullable().optional().meta({ description: 'Your own id of the user.' }),
  metadata: metadataEntries.optional().meta({
    description:
      'Your own metadata of the user. Null removes a key, or all of them in place of the map.',
  }),
};
const Email = Line(254).meta({ description: 'The e-mail address.' });

const user = { class: 'users', noun: 'user' } as const;
const users = { ...user, rule: 'users' } as const;
const member = { ...user, rule: 'member', audited: true } as const;

export const usersContract = {
  listUsers: {
    method: 'get',
    path: '/user_management/users',
    priority: 'batch',
    cost: 5,
    summary: 'List users',
    description:
      'Filter by tenant or by e-mail address. Only clients that may use every tenant can list all users of the environment.',
    access: { scope: 'users:read', tenant: 'query.organization_id' },
    aliases: { organization: 'organization_id' },
    query: z.strictObject({
      ...page,
      email: filter('Only users with this e-mail address.'),
      organization_id: TenantId.optional().meta({ description: 'Only members of this tenant.' }),
    }),
    reply: { status: 200, body: listOf('UserList', User) },
    problems: ['organization-id-required', ...UPSTREAM_PROBLEMS],
    forward: { ...users, cursor: 'member' },
  },
  createUser: {
    method: 'post',
    path: '/user_management/users',
    summary: 'Create a user',
    description:
      'If no answer arrives, repeat the request: if the first one created the user, WorkOS says that the e-mail address is not available, and the user, found by `GET /user_management/users?email=…`, is the client’s.',
    access: { scope: 'users:write' },
    body: z
      .strictObject({
        email: Email,
        ...profile,
        ip_address: Line(64).nullable().optional().meta({
          description: 'The IP address of the user, for WorkOS Radar.',
        }),
        user_agent: UserAgent.nullable().optional().meta({
          description: 'The user agent of the user, for WorkOS Radar.',
        }),
        signals_id: Line(255).optional().meta({ description: 'The id of WorkOS Radar’s signals.' }),
      })
      .meta({ id: 'CreateUser', description: 'A new user.' }),
    reply: { status: 201, body: NewUser },
    problems: ['tenant-not-found', ...CALLER_PROBLEMS, ...UPSTREAM_PROBLEMS],
    forward: { ...users, creates: 'user', audited: true },
    example: { email: 'ada@acme.example', first_name: 'Ada' },
  },
  getUser: {
    method: 'get',
    path: '/user_management/users/{id}',
    summary: 'Get a user',
    access: { scope: 'users:read' },
    params: objectParams,
    reply: { status: 200, body: User },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: users,
  },
  getUserByExternalId: {
    method: 'get',
    path: '/user_management/users/external_id/{external_id}',
    summary: 'Get a user by your own id',
    access: { scope: 'users:read' },
    params: z.object({
      external_id: ExternalId.meta({ description: 'Your own id of the user.' }),
    }),
    reply: { status: 200, body: User },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: users,
  },
  updateUser: {
    method: 'put',
    path: '/user_management/users/{id}',
    summary: 'Change a user',
    description: 'All memberships of the user must be in tenants of the client.',
    access: { scope: 'users:write' },
    params: objectParams,
    body: z
      .strictObject({
        ...profile,
        email: Email.optional(),
        locale: Line(35).nullable().optional().meta({ description: 'The language.' }),
      })
      .meta({ id: 'UpdateUser', description: 'The fields to change.' }),
    reply: { status: 200, body: User },
    problems: ['not-found', 'user-is-shared', ...CALLER_PROBLEMS, ...UPSTREAM_PROBLEMS],
    forward: member,
  },
  deleteUser: {
    method: 'delete',
    path: '/user_management/users/{id}',
    summary: 'Delete a user',
    description: 'All memberships of the user must be in tenants of the client.',
    access: { scope: 'users:write' },
    params: objectParams,
    reply: { status: 204 },
    problems: ['not-found', 'user-is-shared', ...CALLER_PROBLEMS, ...UPSTREAM_PROBLEMS],
    forward: { ...member, owned: 'user' },
  },
} as const satisfies ForwardedContract;
