import { z } from 'zod';
import type { Contract } from '../http/endpoint.ts';
import { listOf, PageParameters } from '../http/pagination.ts';
import { Line } from '../core/text.ts';
import { CALLER_PROBLEMS, UPSTREAM_PROBLEMS } from '../core/problem.ts';
import { ClientId, TenantParams } from '../core/wire-ids.ts';

const OrganizationId = z
  .string()
  .regex(/^org_[A-Za-z0-9]{1,64}$/, 'must be a WorkOS organization id, which begins with org_')
  .meta({
    description: 'A WorkOS organization id; only for clients with `tenants:adopt`.',
    examples: ['org_01EHZNVPK3SFK441A1RGBFSHRT'],
  });

export const DomainName = z
  .string()
  .toLowerCase()
  .max(253)
  .regex(
    /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be a domain name',
  )
  .meta({ description: 'A domain name.', examples: ['acme.com'] });

const Domain = z
  .strictObject({
    domain: DomainName,
    state: z.enum(['pending', 'verified']).default('pending').meta({
      description: '`verified` bypasses the proof by DNS, and so needs the scope `domains:verify`.',
    }),
  })
  .meta({ id: 'TenantDomainInput', description: 'A domain that the tenant’s users sign in from.' });

export const TenantDomains = z
  .array(Domain)
  .max(50)
  .refine(
    (list) => new Set(list.map(({ domain }) => domain)).size === list.length,
    'must not repeat a domain',
  )
  .meta({ description: 'The tenant’s domains.' });

const MetadataKey = z
  .string()
  .regex(/^[\x20-\x7e]{1,40}$/, 'must be a key of 1 to 40 printable ASCII characters');

/** `gatehouse_*` marks an organization as ours. */
const hasNoKeyOfOurs = (entries: object): boolean =>
  !Object.keys(entries).some((key) => key.startsWith('gatehouse_'));
const KEY_OF_OURS = 'must not use keys that begin with gatehouse_';

/** WorkOS's bounds, less the key that is ours. */
export const TenantMetadata = z
  .record(MetadataKey, z.string().max(600))
  .refine((entries) => Object.keys(entries).length <= 49, 'must have at most 49 keys')
  .refine(hasNoKeyOfOurs, KEY_OF_OURS)
  .meta({
    description: 'Your own facts about the tenant: at most 49 keys; values up to 600 characters.',
  });

/** Changes to the map as WorkOS takes them. */
export const TenantMetadataEntries = z
  .record(MetadataKey, z.string().max(600).nullable())
  .refine(hasNoKeyOfOurs, KEY_OF_OURS)
  .nullable()
  .meta({
    description:
      'Keys to set, and keys to remove with the value null; those left out stay. Null removes all.',
  });

export const TenantName = Line(255).meta({
  description: 'The tenant’s name; IT admins see it in the Admin Portal.',
  examples: ['Acme'],
});
const signInClientId = ClientId.nullable().meta({
  description:
    'The client at which logins begin that the tenant’s identity provider starts. Null: none.',
});

const PutTenant = z
  .strictObject({
    name: TenantName,
    domains: TenantDomains.optional(),
    metadata: TenantMetadata.optional(),
    sign_in_client_id: signInClientId.optional(),
    workos_organization_id: OrganizationId.optional().meta({
      description:
        'Adopt this organization instead of making one. Needs the scope `tenants:adopt`.',
    }),
  })
  .meta({ id: 'PutTenant', description: 'A tenant to be. What is left out stays as it is.' });

const PatchTenant = z
  .strictObject({
    name: TenantName.optional(),
    domains: TenantDomains.optional(),
    metadata: TenantMetadata.optional(),
    sign_in_client_id: signInClientId.optional(),
    status: z.enum(['active', 'suspended']).optional().meta({
      description:
        '`suspended` stops launches, logins and tickets at once; the organization stays. Only `active` ends it. Without an organization yet, or any more, `suspended` is kept as `next_status`.',
    }),
  })
  .meta({ id: 'PatchTenant', description: 'What is to change.' });

const TenantStatusSchema = z
  .enum(['provisioning', 'active', 'suspended', 'orphaned', 'conflict', 'deleting'])
  .meta({
    id: 'TenantStatus',
    description:
      '`provisioning`: being made. `suspended`: stopped by you. `orphaned`: WorkOS no longer knows the organization. `conflict`: an organization with that external id exists and is not ours; adopt it by its id, or rename it.',
  });

export const TenantSchema = z
  .object({
    object: z.literal('tenant').meta({ description: 'Always `tenant`.' }),
    id: z.string().meta({ description: 'Your tenant id.' }),
    workos_organization_id: z
      .string()
      .nullable()
      .optional()
      .meta({ description: 'Only for clients with `tenants:adopt`.' }),
    name: z.string().meta({ description: 'The tenant’s name.' }),
    status: TenantStatusSchema,
    next_status: z.enum(['active', 'suspended']).optional().meta({
      description:
        'While `provisioning`, `orphaned` or `conflict`: the status once there is an organization. `suspended`: you have stopped the tenant.',
    }),
    domains: z
      .array(
        z.object({
          domain: z.string().meta({ description: 'A domain name.' }),
          state: z
            .string()
            .meta({ description: 'As WorkOS last said: `pending`, `verified`, `failed`, …' }),
        }),
      )
      .meta({ description: 'The tenant’s domains.' }),
    metadata: z
      .record(z.string(), z.string())
      .meta({ description: 'Your own facts about the tenant.' }),
    sign_in_client_id: z
      .string()
      .nullable()
      .meta({ description: 'Where logins begin that the identity provider starts.' }),
    created_at: z.iso.datetime().meta({ description: 'When the tenant was first put.' }),
    updated_at: z.iso.datetime().meta({ description: 'When it last changed.' }),
  })
  .meta({ id: 'Tenant', description: 'A tenant and what Gatehouse knows of its organization.' });

export const tenantsContract = {
  putTenant: {
    method: 'put',
    path: '/v1/tenants/{tenant_id}',
    summary: 'Provision or update a tenant',
    description:
      'Idempotent: however often and from however many places it is put, a tenant has exactly one organization at WorkOS. 201 the first time, 200 after.',
    access: { scope: 'tenants:write', tenant: 'params.tenant_id', newTenant: true },
    params: TenantParams,
    body: PutTenant,
    reply: { status: 200, orStatus: 201, body: TenantSchema },
    problems: [
      'provisioning-in-progress',
      'provisioning-incomplete',
      'organization-conflict',
      'organization-missing',
      'tenant-not-active',
      'tenant-deleted',
      ...CALLER_PROBLEMS,
      ...UPSTREAM_PROBLEMS,
    ],
    example: { name: 'Acme', domains: [{ domain: 'acme.com' }] },
  },
  getTenant: {
    method: 'get',
    path: '/v1/tenants/{tenant_id}',
    summary: 'Get a tenant',
    access: { scope: 'tenants:read', tenant: 'params.tenant_id' },
    params: TenantParams,
    reply: { status: 200, body: TenantSchema },
    problems: [],
  },
  listTenants: {
    method: 'get',
    path: '/v1/tenants',
    summary: 'List the tenants that the client may see',
    access: { scope: 'tenants:read' },
    query: z.strictObject({
      ...PageParameters,
      status: TenantStatusSchema.optional().meta({ description: 'Only tenants in this status.' }),
      domain: DomainName.optional().meta({ description: 'Only tenants with this domain.' }),
    }),
    reply: { status: 200, body: listOf('TenantList', TenantSchema) },
    problems: [],
  },
  patchTenant: {
    method: 'patch',
    path: '/v1/tenants/{tenant_id}',
    summary: 'Change a tenant, suspend it or let it go on',
    access: { scope: 'tenants:write', tenant: 'params.tenant_id' },
    params: TenantParams,
    body: PatchTenant,
    reply: { status: 200, body: TenantSchema },
    problems: [
      'provisioning-in-progress',
      'organization-conflict',
      'organization-missing',
      'tenant-not-active',
      ...CALLER_PROBLEMS,
      ...UPSTREAM_PROBLEMS,
    ],
    example: { status: 'suspended' },
  },
  deleteTenant: {
    method: 'delete',
    path: '/v1/tenants/{tenant_id}',
    summary: 'Unlink a tenant, and delete its organization if asked',
    description:
      'Leaves a tombstone: the id is never used for another organization. Deleting at WorkOS is final.',
    access: { scope: 'tenants:delete', tenant: 'params.tenant_id' },
    params: TenantParams,
    query: z.strictObject({
      delete_organization: z
        .enum(['true', 'false'])
        .default('false')
        .transform((value) => value === 'true')
        .meta({ description: '`true`: delete the organization at WorkOS as well.' }),
    }),
    reply: { status: 204 },
    problems: ['provisioning-in-progress', ...UPSTREAM_PROBLEMS],
  },
} as const satisfies Contract;
