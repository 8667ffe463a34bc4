import type { Call } from './call.ts';

const initech = {
  name: 'Initech',
  externalId: 'initech',
  domainData: [
    { domain: 'initech.test', state: 'verified' },
    { domain: 'initech.example', state: 'pending' },
  ],
  metadata: { tier: 'gold' },
};

export const organizationCalls: readonly Call[] = [
  { method: 'organizations.createOrganization', args: () => [initech], keep: 'initech' },
  {
    method: 'organizations.createOrganization',
    when: 'the external id is taken',
    args: () => [{ name: 'Other', externalId: 'initech' }],
  },
  {
    method: 'organizations.createOrganization',
    when: 'a domain is another’s, and verified',
    args: () => [
      {
        name: 'Other',
        externalId: 'other',
        domainData: [{ domain: 'initech.test', state: 'verified' }],
      },
    ],
    differs: {
      why: '502 `upstream_rejected` if WorkOS refuses the new organization, e.g. because of another organization’s domain; the tenant can still be provisioned with `PUT /v1/tenants/{tenant_id}`',
      gateway: { error: { name: 'GenericServerException', status: 502 } },
    },
  },
  {
    method: 'organizations.createOrganization',
    when: 'there is no name',
    args: () => [{ externalId: 'nameless' }],
  },
  { method: 'organizations.getOrganization', args: ({ ids }) => [ids.initech] },
  {
    method: 'organizations.getOrganization',
    when: 'there is none',
    args: () => ['nobody'],
  },
  { method: 'organizations.getOrganizationByExternalId', args: () => ['initech'] },
  {
    method: 'organizations.getOrganizationByExternalId',
    when: 'there is none',
    args: () => ['nobody'],
  },
  { method: 'organizations.listOrganizations', args: () => [] },
  {
    method: 'organizations.listOrganizations',
    when: 'page by page',
    args: () => [{ limit: 1, order: 'asc' }],
    keep: 'page',
    idOf: ({ listMetadata }: { listMetadata: { after: string } }) => listMetadata.after,
  },
  {
    method: 'organizations.listOrganizations',
    when: 'the next page',
    args: ({ ids }) => [{ limit: 1, order: 'asc', after: ids.page }],
  },
  {
    method: 'organizations.listOrganizations',
    when: 'by domain',
    args: () => [{ domains: ['initech.test', 'nobody.test'] }],
  },
  {
    method: 'organizations.updateOrganization',
    args: ({ ids }) => [
      {
        organization: ids.initech,
        name: 'Initech Ltd',
        stripeCustomerId: 'cus_1',
        metadata: { tier: 'silver', region: 'eu' },
      },
    ],
  },
  {
    method: 'organizations.updateOrganization',
    when: 'the domain is another’s, and verified',
    args: ({ acme }) => [
      { organization: acme, domainData: [{ domain: 'initech.test', state: 'verified' }] },
    ],
  },
  {
    method: 'organizations.updateOrganization',
    when: 'the external id changes',
    args: ({ ids }) => [{ organization: ids.initech, externalId: 'renamed' }],
    differs: {
      why: '`externalId` cannot change, because it is the tenant id',
      gateway: { error: { name: 'UnprocessableEntityException', status: 422 } },
    },
  },
  {
    method: 'organizations.updateOrganization',
    when: 'there is none',
    args: () => [{ organization: 'nobody', name: 'Nobody' }],
  },
  { method: 'organizations.deleteOrganization', args: ({ ids }) => [ids.initech] },
];

/** Makes an organization in one world only, and so comes last. */
export const lastOrganizationCalls: readonly Call[] = [
  {
    method: 'organizations.createOrganization',
    when: 'there is no external id',
    args: () => [{ name: 'Hooli' }],
    differs: {
      why: '`externalId` is required, because it is the tenant id',
      gateway: { error: { name: 'UnprocessableEntityException', status: 422 } },
    },
  },
];
