import { z } from 'zod';
import { CALLER_PROBLEMS, OBJECT_PROBLEMS, UPSTREAM_PROBLEMS } from '../../core/problem.ts';
import { DomainName } from '../../tenants/model/contract.ts';
import { TenantId } from '../../core/wire-ids.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { id, object, objectParams, stamps, tenantId, text } from '../forwarding/wire.ts';

/** @see https://workos.com/docs/reference/domain-verification */
export const OrganizationDomain = object('OrganizationDomain', 'organization_domain', {
  id: id('domain'),
  organization_id: tenantId,
  domain: text('The domain name.'),
  state: text('`pending` until WorkOS has found the DNS record, then `verified`; or `failed`.'),
  verification_strategy: text('`dns` or `manual`.'),
  verification_prefix: text('The name of the DNS record.'),
  verification_token: text('The required value of the DNS record.'),
  ...stamps,
});

const domain = { class: 'organizations', rule: 'object', noun: 'organization domain' } as const;

export const organizationDomainsContract = {
  createOrganizationDomain: {
    method: 'post',
    path: '/organization_domains',
    summary: 'Add a domain to a tenant',
    access: { scope: 'tenants:write', tenant: 'body.organization_id' },
    body: z
      .strictObject({
        domain: DomainName,
        organization_id: TenantId.meta({ description: 'Your tenant id.' }),
      })
      .meta({ id: 'CreateOrganizationDomain', description: 'A new domain.' }),
    reply: { status: 201, body: OrganizationDomain },
    problems: [...CALLER_PROBLEMS, ...UPSTREAM_PROBLEMS],
    forward: { ...domain, rule: 'named', audited: true },
    example: { domain: 'sales.acme.example', organization_id: 'acme' },
  },
  getOrganizationDomain: {
    method: 'get',
    path: '/organization_domains/{id}',
    summary: 'Get a domain',
    access: { scope: 'tenants:read', tenantOf: 'object' },
    params: objectParams,
    reply: { status: 200, body: OrganizationDomain },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: domain,
  },
  deleteOrganizationDomain: {
    method: 'delete',
    path: '/organization_domains/{id}',
    summary: 'Remove a domain',
    access: { scope: 'tenants:write', tenantOf: 'object' },
    params: objectParams,
    reply: { status: 204 },
    problems: OBJECT_PROBLEMS,
    forward: { ...domain, audited: true },
  },
  verifyOrganizationDomain: {
    method: 'post',
    path: '/organization_domains/{id}/verify',
    summary: 'Ask WorkOS to check the DNS record',
    access: { scope: 'tenants:write', tenantOf: 'object' },
    params: objectParams,
    reply: { status: 201, body: OrganizationDomain },
    problems: OBJECT_PROBLEMS,
    forward: { ...domain, audited: true },
  },
} as const satisfies ForwardedContract;
