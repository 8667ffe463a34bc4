import type { Call } from './call.ts';

const billing = { slug: 'org-billing', name: 'Billing', description: 'Pays' };

export const authorizationCalls: readonly Call[] = [
  {
    method: 'authorization.createPermission',
    args: () => [{ slug: 'invoices:read', name: 'Read invoices' }],
  },
  {
    method: 'authorization.createPermission',
    when: 'the slug is taken',
    args: () => [{ slug: 'invoices:read', name: 'Read invoices' }],
  },
  { method: 'authorization.listPermissions', args: () => [] },
  { method: 'authorization.getPermission', args: () => ['invoices:read'] },
  {
    method: 'authorization.updatePermission',
    args: () => ['invoices:read', { name: 'See invoices' }],
  },
  {
    method: 'authorization.createEnvironmentRole',
    args: () => [{ slug: 'auditor', name: 'Auditor' }],
  },
  { method: 'authorization.listEnvironmentRoles', args: () => [] },
  { method: 'authorization.getEnvironmentRole', args: () => ['auditor'] },
  { method: 'authorization.getEnvironmentRole', when: 'there is none', args: () => ['king'] },
  {
    method: 'authorization.updateEnvironmentRole',
    args: () => ['auditor', { name: 'Auditors', description: null }],
  },
  {
    method: 'authorization.setEnvironmentRolePermissions',
    args: () => ['auditor', { permissions: [] }],
  },
  {
    method: 'authorization.addEnvironmentRolePermission',
    args: () => ['auditor', { permissionSlug: 'invoices:read' }],
  },
  { method: 'authorization.createOrganizationRole', args: ({ acme }) => [acme, billing] },
  {
    method: 'authorization.createOrganizationRole',
    when: 'the slug is taken',
    args: ({ acme }) => [acme, billing],
  },
  { method: 'authorization.listOrganizationRoles', args: ({ acme }) => [acme] },
  { method: 'authorization.getOrganizationRole', args: ({ acme }) => [acme, 'org-billing'] },
  {
    method: 'authorization.getOrganizationRole',
    when: 'there is none',
    args: ({ acme }) => [acme, 'king'],
  },
  {
    method: 'authorization.updateOrganizationRole',
    args: ({ acme }) => [acme, 'org-billing', { name: 'Invoicing' }],
  },
  {
    method: 'authorization.setOrganizationRolePermissions',
    args: ({ acme }) => [acme, 'org-billing', { permissions: [] }],
  },
  {
    method: 'authorization.addOrganizationRolePermission',
    args: ({ acme }) => [acme, 'org-billing', { permissionSlug: 'invoices:read' }],
  },
  {
    method: 'authorization.removeOrganizationRolePermission',
    args: ({ acme }) => [acme, 'org-billing', { permissionSlug: 'invoices:read' }],
  },
  { method: 'authorization.deleteOrganizationRole', args: ({ acme }) => [acme, 'org-billing'] },
  { method: 'authorization.deletePermission', args: () => ['invoices:read'] },
  {
    method: 'featureFlags.addFlagTarget',
    args: ({ acme, fake }) => {
      fake.addFeatureFlag('beta');
      return [{ slug: 'beta', targetId: acme, resourceId: acme }];
    },
  },
  { method: 'featureFlags.listFeatureFlags', args: () => [] },
  { method: 'featureFlags.getFeatureFlag', args: () => ['beta'] },
  { method: 'featureFlags.getFeatureFlag', when: 'there is none', args: () => ['gamma'] },
  { method: 'featureFlags.disableFeatureFlag', args: () => ['beta'] },
  { method: 'featureFlags.enableFeatureFlag', args: () => ['beta'] },
  {
    method: 'featureFlags.listOrganizationFeatureFlags',
    args: ({ acme }) => [{ organizationId: acme }],
  },
  {
    method: 'organizations.listOrganizationFeatureFlags',
    args: ({ acme, fake, organizationId }) => {
      if (fake.state.featureFlags.size === 0)
        fake.addFeatureFlag('beta', { targets: [organizationId] });
      return [{ organizationId: acme }];
    },
  },
  {
    method: 'featureFlags.listUserFeatureFlags',
    args: ({ ids }) => [{ userId: ids.member }],
  },
  {
    method: 'userManagement.listUserFeatureFlags',
    args: ({ ids }) => [{ userId: ids.member }],
  },
  {
    method: 'featureFlags.removeFlagTarget',
    args: ({ acme }) => [{ slug: 'beta', targetId: acme, resourceId: acme }],
  },
];
