import type { Call } from './call.ts';

export const organizationDomainCalls: readonly Call[] = [
  {
    method: 'organizationDomains.createOrganizationDomain',
    args: ({ acme }) => [{ domain: 'acme.test', organizationId: acme }],
    keep: 'domain',
  },
  {
    method: 'organizationDomains.createOrganizationDomain',
    when: 'the organization has it',
    args: ({ acme }) => [{ domain: 'acme.test', organizationId: acme }],
  },
  {
    method: 'organizationDomains.createOrganizationDomain',
    when: 'it is none',
    args: ({ acme }) => [{ domain: '-', organizationId: acme }],
  },
  {
    method: 'organizationDomains.createOrganizationDomain',
    when: 'there is no such organization',
    args: () => [{ domain: 'nobody.test', organizationId: 'nobody' }],
  },
  { method: 'organizationDomains.getOrganizationDomain', args: ({ ids }) => [ids.domain] },
  {
    method: 'organizationDomains.getOrganizationDomain',
    when: 'there is none',
    args: () => ['org_domain_none'],
  },
  { method: 'organizationDomains.verifyOrganizationDomain', args: ({ ids }) => [ids.domain] },
  {
    method: 'organizationDomains.verifyOrganizationDomain',
    when: 'there is none',
    args: () => ['org_domain_none'],
  },
  { method: 'organizationDomains.deleteOrganizationDomain', args: ({ ids }) => [ids.domain] },
  {
    method: 'organizationDomains.deleteOrganizationDomain',
    when: 'it is gone',
    args: ({ ids }) => [ids.domain],
  },
];
