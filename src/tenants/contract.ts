import { z } from 'zod';
import type { Contract } from '../http/endpoint.ts';
import { listOf, PageParameters } from '../http/pagination.ts';
import { CALLER_PROBLEMS, TENANT_PROBLEMS, UPSTREAM_PROBLEMS } from '../core/problem.ts';
import { ClientId, TenantParams } from '../core/wire-ids.ts';
import { DomainName, TenantDomains, TenantMetadata, TenantName } from './model/contract.ts';

const OrganizationId = z
  .string()
  .regex(/^org_[A-Za-z0-9_]{1,64}$/, 'must be a WorkOS organization id, which begins with org_')
  .meta({
    description: 'A WorkOS organization id. Only for clients with `tenants:adopt`.',
    examples: ['org_01EHZNVPK3SFK441A1RGBFSHRT'],
  });

const signInClientId = ClientId.nullable().meta({
  description: 'The client that serves IdP-initiated logins of this tenant. Null if there is none.',
});

const PutTenant = z
  .strictObject({
    name: TenantName,
    domains: TenantDomains.optional(),
    metadata: TenantMetadata.optional(),
    sign_in_client_id: signInClientId.optional(),
    workos_organization_id: OrganizationId.optional().meta({
      description:
        'Adopt this organization instead of creating one. Needs the scope `tenants:adopt`.',
    }),
  })
  .meta({
    id: 'PutTenant',
    description: 'The wanted state of a tenant. Fields left out are unchanged.',
  });

const PatchTenant = z
  .strictObject({
    name: TenantName.optional(),
    domains: TenantDomains.optional(),
    metadata: TenantMetadata.optional(),
    sign_in_client_id: signInClientId.optional(),
    status: z.enum(['active', 'suspended']).optional().meta({
      description:
        '`suspended` stops launches, logins and tickets at once; the organization stays. Only `active` ends the suspension. While the tenant has no organization, `suspended` is stored as `next_status`.',
    }),
  })
  .meta({ id: 'PatchTenant', description: 'The fields to change.' });

const TenantStatusSchema = z
  .enum(['provisioning', 'active', 'suspended', 'orphaned', 'conflict', 'deleting'])
  .meta({
    id: 'TenantStatus',
    description:
      '`provisioning`: its organization is being created. `suspended`: stopped by you. `orphaned`: WorkOS no longer has the organization. `conflict`: an organization with this external id exists that Gatehouse did not create; adopt it by its id, or change its external id.',
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
        'While `provisioning`, `orphaned` or `conflict`: the status that the tenant gets once it has an organization. `suspended` if you have suspended it.',
    }),
    domains: z
      .array(
        z.object({
          domain: z.string().meta({ description: 'A domain name.' }),
          state: z
            .string()
            .meta({ description: 'The state at WorkOS: `pending`, `verified`, `failed`, …' }),
        }),
      )
      .meta({ description: 'The tenant’s domains.' }),
    metadata: z
      .record(z.string(), z.string())
      .meta({ description: 'Your own metadata of the tenant.' }),
    sign_in_client_id: z
      .string()
      .nullable()
      .meta({ description: 'The client that serves IdP-initiated logins, or null.' }),
    created_at: z.iso.datetime().meta({ description: 'When the tenant was created.' }),
    updated_at: z.iso.datetime().meta({ description: 'When the tenant last changed.' }),
  })
  .meta({ id: 'Tenant', description: 'A tenant and its WorkOS organization.' });

export const tenantsContract = {
  putTenant: {
    method: 'put',
    path: '/v1/tenants/{tenant_id}',
    priority: 'batch',
    summary: 'Provision or update a tenant',
    description:
      'Idempotent: a tenant gets exactly one organization at WorkOS, however many requests run at once. Answers 201 the first time and 200 afterwards.',
    access: { scope: 'tenants:write', tenant: 'params.tenant_id', newTenant: true },
    params: TenantParams,
    body: PutTenant,
    reply: { status: 200, orStatus: 201, body: TenantSchema },
    problems: [
      'provisioning-incomplete',
      ...TENANT_PROBLEMS,
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
    summary: 'List the tenants that the client may use',
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
    summary: 'Change, suspend or reactivate a tenant',
    access: { scope: 'tenants:write', tenant: 'params.tenant_id' },
    params: TenantParams,
    body: PatchTenant,
    reply: { status: 200, body: TenantSchema },
    problems: [...TENANT_PROBLEMS, ...CALLER_PROBLEMS, ...UPSTREAM_PROBLEMS],
    example: { status: 'suspended' },
  },
  deleteTenant: {
    method: 'delete',
    path: '/v1/tenants/{tenant_id}',
    priority: 'batch',
    summary: 'Delete a tenant, and optionally its organization',
    description:
      'Leaves a tombstone, so the tenant id is never used again. The organization stays at WorkOS unless `delete_organization` is set; deleting it there cannot be undone.',
    access: { scope: 'tenants:delete', tenant: 'params.tenant_id' },
    params: TenantParams,
    query: z.strictObject({
      delete_organization: z
        .enum(['true', 'false'])
        .default('false')
        .transform((value) => value === 'true')
        .meta({ description: '`true` also deletes the organization at WorkOS.' }),
    }),
    reply: { status: 204 },
    problems: ['provisioning-in-progress', ...UPSTREAM_PROBLEMS],
  },
} as const satisfies Contract;
