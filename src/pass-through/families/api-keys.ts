import { z } from 'zod';
import { Line } from '../../core/text.ts';
import { OBJECT_PROBLEMS } from '../../core/problem.ts';
import { TenantId } from '../../core/wire-ids.ts';
import { listOf } from '../../http/pagination.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { id, list, object, objectParams, page, stamps, text, time } from '../forwarding/wire.ts';
import { Slug } from './roles.ts';

const fields = {
  id: id('key'),
  owner: z
    .object({
      type: z.string().meta({ description: '`organization` or `user`.' }),
      id: z.string().meta({
        description:
          'Your tenant id if the owner is an organization, else the id of the user at WorkOS.',
      }),
      organization_id: text('Your tenant id, if the owner is a user.'),
    })
    .meta({ id: 'ApiKeyOwner', description: 'The tenant or the user that the key belongs to.' }),
  name: text('The name.'),
  obfuscated_value: text('The last characters of the key.'),
  last_used_at: text('When it was last used: ISO 8601.'),
  expires_at: text('When it expires: ISO 8601.'),
  permissions: list(z.string(), 'The slugs of the permissions of the key.'),
  ...stamps,
};
/** @see https://workos.com/docs/reference/authkit/api-keys */
const ApiKey = object('ApiKey', 'api_key', fields);
const NewApiKey = object('NewApiKey', 'api_key', {
  ...fields,
  value: text('The key itself. Shown once.'),
});

const newKey = {
  name: Line(255).meta({ description: 'The name.' }),
  permissions: z
    .array(Slug)
    .max(1_000)
    .optional()
    .meta({ description: 'The slugs of the permissions of the key.' }),
  expires_at: time('When the key expires: ISO 8601. Default: never.').optional(),
};

const tenant = z.object({ organization_id: TenantId });
const key = { class: 'api_keys', noun: 'API key' } as const;
const newOne = {
  ...key,
  bodyNouns: { permissions: 'permission' },
  creates: 'api_key',
  grants: true,
  audited: true,
} as const;
const ELSEWHERE =
  'Gatehouse knows the tenant of keys that were created through it. For a key that was created elsewhere, e.g. in a widget, send the token of an acting user of its tenant.';

export const apiKeysContract = {
  listOrganizationApiKeys: {
    method: 'get',
    path: '/organizations/{organization_id}/api_keys',
    summary: 'List the API keys of a tenant',
    access: { scope: 'api_keys:read', tenant: 'params.organization_id' },
    params: tenant,
    query: z.strictObject(page),
    reply: { status: 200, body: listOf('ApiKeyList', ApiKey) },
    problems: OBJECT_PROBLEMS,
    forward: { ...key, rule: 'named', cursor: 'api_key' },
  },
  createOrganizationApiKey: {
    method: 'post',
    path: '/organizations/{organization_id}/api_keys',
    summary: 'Create an API key of a tenant',
    access: { scope: 'api_keys:write', tenant: 'params.organization_id' },
    params: tenant,
    body: z
      .strictObject(newKey)
      .meta({ id: 'CreateOrganizationApiKey', description: 'A new key.' }),
    reply: { status: 201, body: NewApiKey, secret: true },
    problems: OBJECT_PROBLEMS,
    forward: { ...newOne, rule: 'named' },
    example: { name: 'Nightly export' },
  },
  listUserApiKeys: {
    method: 'get',
    path: '/user_management/users/{id}/api_keys',
    summary: 'List the API keys of a user',
    description: 'Only the keys of tenants that the client may use.',
    access: { scope: 'api_keys:read', tenant: 'query.organization_id' },
    params: objectParams,
    query: z.strictObject({
      ...page,
      organization_id: TenantId.optional().meta({ description: 'Only keys for this tenant.' }),
    }),
    reply: { status: 200, body: listOf('UserApiKeyList', ApiKey) },
    problems: ['user-is-shared', ...OBJECT_PROBLEMS],
    forward: { ...key, noun: 'user', rule: 'member', shared: true, cursor: 'user_api_key' },
  },
  createUserApiKey: {
    method: 'post',
    path: '/user_management/users/{id}/api_keys',
    summary: 'Create an API key of a user',
    description: 'The user must be a member of the tenant.',
    access: { scope: 'api_keys:write', tenant: 'body.organization_id' },
    params: objectParams,
    body: z
      .strictObject({
        ...newKey,
        organization_id: TenantId.meta({ description: 'Your tenant id.' }),
      })
      .meta({ id: 'CreateUserApiKey', description: 'A new key.' }),
    reply: { status: 201, body: NewApiKey, secret: true },
    problems: OBJECT_PROBLEMS,
    forward: {
      ...newOne,
      noun: 'user',
      rule: 'named',
      names: [{ at: 'params.id', kind: 'member' }],
    },
    example: { name: 'Ada’s laptop', organization_id: 'acme' },
  },
  deleteApiKey: {
    method: 'delete',
    path: '/api_keys/{id}',
    summary: 'Delete an API key',
    description: ELSEWHERE,
    access: { scope: 'api_keys:write', tenantOf: 'object' },
    params: objectParams,
    reply: { status: 204 },
    problems: OBJECT_PROBLEMS,
    forward: { ...key, rule: 'key', audited: true },
  },
  expireApiKey: {
    method: 'post',
    path: '/api_keys/{id}/expire',
    summary: 'Let an API key expire',
    description: ELSEWHERE,
    access: { scope: 'api_keys:write', tenantOf: 'object' },
    params: objectParams,
    body: z
      .strictObject({
        expires_at: z.iso
          .datetime({ offset: true })
          .nullable()
          .optional()
          .meta({ description: 'When the key expires: ISO 8601. Default: now.' }),
      })
      .meta({ id: 'ExpireApiKey', description: 'When the key expires.' }),
    optionalBody: true,
    reply: { status: 200, body: ApiKey },
    problems: OBJECT_PROBLEMS,
    forward: { ...key, rule: 'key', audited: true },
  },
  validateApiKey: {
    method: 'post',
    path: '/api_keys/validations',
    priority: 'interactive',
    summary: 'Find out whose an API key is',
    description:
      'A key of a tenant that the client may not use, or that is suspended, counts as unknown: `api_key` is null.',
    access: { scope: 'api_keys:validate' },
    body: z
      .strictObject({ value: Line(1_000).meta({ description: 'The key that was presented.' }) })
      .meta({ id: 'ValidateApiKey', description: 'The key to validate.' }),
    reply: {
      status: 200,
      body: z
        .object({
          api_key: ApiKey.nullable().meta({ description: 'The key. Null if it is unknown.' }),
          agent_registration_id: text('The id of the agent that uses the key, if there is one.'),
        })
        .meta({ id: 'ApiKeyValidation', description: 'The result of the validation.' }),
    },
    problems: OBJECT_PROBLEMS,
    forward: { ...key, rule: 'validation' },
    example: { value: 'sk_example' },
  },
} as const satisfies ForwardedContract;
