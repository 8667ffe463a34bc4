import { z } from 'zod';
import type { Contract } from '../../http/endpoint.ts';
import { listOf } from '../../http/pagination.ts';
import { CALLER_PROBLEMS, TENANT_PROBLEMS, UPSTREAM_PROBLEMS } from '../../core/problem.ts';
import {
  TenantDomains,
  TenantMetadata,
  TenantMetadataEntries,
  TenantName,
} from '../../tenants/model/contract.ts';
import { TenantId } from '../../core/wire-ids.ts';
import { OrganizationDomain } from '../families/organization-domains.ts';
import { filter, flag, free, list, object, page, stamps, text } from '../forwarding/wire.ts';

/** @see https://workos.com/docs/reference/organization */
export const Organization = object('Organization', 'organization', {
  id: z.string().meta({ description: 'Your tenant id.' }),
  external_id: text('Your tenant id again.'),
  name: text('The name of the tenant.'),
  domains: list(OrganizationDomain, 'The domains of the tenant.'),
  metadata: free('Your own metadata of the tenant.'),
  stripe_customer_id: text('The tenant’s customer id at Stripe.'),
  allow_profiles_outside_organization: flag('True if users of other domains may sign in.').meta({
    deprecated: true,
  }),
  ...stamps,
});

const DomainData = TenantDomains.meta({ description: 'The domains of the tenant.' });
const given = {
  domain_data: DomainData.optional(),
  domains: z
    .array(z.string().max(253))
    .max(50)
    .optional()
    .meta({ description: 'The older form of `domain_data`.', deprecated: true }),
  allow_profiles_outside_organization: z
    .boolean()
    .optional()
    .meta({ description: 'True if users of other domains may sign in.', deprecated: true }),
};

const problems = [...TENANT_PROBLEMS, ...CALLER_PROBLEMS, ...UPSTREAM_PROBLEMS] as const;

export const organizationsContract = {
  listOrganizations: {
    method: 'get',
    path: '/organizations',
    priority: 'batch',
    cost: 5,
    summary: 'List tenants, as organizations',
    access: { scope: 'tenants:read' },
    lists: ['domains'],
    query: z.strictObject({
      ...page,
      domains: z.string().min(1).max(2_000).optional().meta({
        description: 'Only tenants with one of these domains, comma separated or repeated.',
      }),
      search: filter('Only tenants with this text in the name.'),
    }),
    reply: { status: 200, body: listOf('OrganizationList', Organization) },
    problems: UPSTREAM_PROBLEMS,
  },
  createOrganization: {
    method: 'post',
    path: '/organizations',
    priority: 'batch',
    summary: 'Provision a tenant, as an organization',
    access: { scope: 'tenants:write', tenant: 'body.external_id', newTenant: true },
    body: z
      .strictObject({
        name: TenantName,
        external_id: TenantId.meta({ description: 'Your tenant id.' }),
        ...given,
        metadata: TenantMetadata.optional(),
      })
      .meta({ id: 'CreateOrganization', description: 'A new tenant.' }),
    reply: { status: 201, body: Organization },
    problems: ['external-id-already-used', 'provisioning-incomplete', ...problems],
    example: { name: 'Globex', external_id: 'globex' },
  },
  getOrganization: {
    method: 'get',
    path: '/organizations/{id}',
    summary: 'Get a tenant, as an organization',
    access: { scope: 'tenants:read', tenant: 'params.id' },
    params: z.object({ id: TenantId }),
    reply: { status: 200, body: Organization },
    problems: ['not-found', ...problems],
  },
  getOrganizationByExternalId: {
    method: 'get',
    path: '/organizations/external_id/{external_id}',
    summary: 'Get a tenant by its id, as an organization',
    access: { scope: 'tenants:read', tenant: 'params.external_id' },
    params: z.object({ external_id: TenantId }),
    reply: { status: 200, body: Organization },
    problems: ['not-found', ...problems],
  },
  updateOrganization: {
    method: 'put',
    path: '/organizations/{id}',
    summary: 'Change a tenant, as an organization',
    access: { scope: 'tenants:write', tenant: 'params.id' },
    params: z.object({ id: TenantId }),
    body: z
      .strictObject({
        name: TenantName.optional(),
        external_id: TenantId.optional().meta({ description: 'Your tenant id. It cannot change.' }),
        stripe_customer_id: z
          .string()
          .min(1)
          .max(255)
          .nullable()
          .optional()
          .meta({ description: 'The tenant’s customer id at Stripe. Null clears it.' }),
        ...given,
        metadata: TenantMetadataEntries.optional(),
      })
      .meta({ id: 'UpdateOrganization', description: 'The fields to change.' }),
    reply: { status: 200, body: Organization },
    problems,
  },
  deleteOrganization: {
    method: 'delete',
    path: '/organizations/{id}',
    priority: 'batch',
    summary: 'Delete a tenant and its organization',
    description: 'The tenant id can never be used again. It cannot be undone.',
    access: { scope: 'tenants:delete', tenant: 'params.id' },
    params: z.object({ id: TenantId }),
    reply: { status: 204 },
    problems: ['provisioning-in-progress', ...UPSTREAM_PROBLEMS],
  },
} as const satisfies Contract;
