import type { Explanation } from './explanation.ts';

export const TENANTS = {
  'tenant-not-found': {
    meaning: 'There is no such tenant, or this client may not use it.',
    actor: 'caller',
    action:
      'Check the tenant id (not a WorkOS `org_…` id), create the tenant with `PUT /v1/tenants/{tenant_id}`, or ask the platform team to allow it to the client.',
    retry: 'no',
  },
  'tenant-not-active': {
    meaning: 'The tenant is suspended.',
    actor: 'operator',
    action: 'End the suspension: `PATCH /v1/tenants/{tenant_id}` with `{"status": "active"}`.',
    retry: 'no',
  },
  'tenant-deleted': {
    meaning: 'The tenant id belonged to a deleted tenant. Tenant ids are never used again.',
    actor: 'caller',
    action: 'Use a new tenant id.',
    retry: 'no',
  },
  'provisioning-in-progress': {
    meaning: 'The tenant is being provisioned, changed or deleted by another call.',
    actor: 'nobody',
    action: 'Wait.',
    retry: 'later',
  },
  'provisioning-incomplete': {
    meaning: 'WorkOS has the organization, but the tenant could not be recorded.',
    actor: 'nobody',
    action:
      'Repeat `PUT /v1/tenants/{tenant_id}`. A background task also finishes it within seconds.',
    retry: 'later',
  },
  'organization-missing': {
    meaning:
      'WorkOS no longer knows the tenant’s organization. If WorkOS denies it twice, 30 seconds apart, the tenant becomes `orphaned`; it comes back by itself when WorkOS shows the organization again.',
    actor: 'operator',
    action:
      'Run `gatehouse tenants verify`; `--mend` restores tenants whose organizations are back. If many organizations are really deleted, `--mend --gone N` with their exact number orphans those tenants. To give the tenant another organization, `PUT /v1/tenants/{tenant_id}` with `workos_organization_id` (scope `tenants:adopt`).',
    retry: 'no',
  },
  'organization-conflict': {
    meaning:
      'WorkOS has an organization with this external id that Gatehouse did not create, or the organization belongs to another tenant.',
    actor: 'operator',
    action:
      'Adopt the organization by its id (`workos_organization_id`, scope `tenants:adopt`), or change its external id at WorkOS.',
    retry: 'no',
  },
  'external-id-already-used': {
    meaning: 'A tenant with this `external_id` exists already.',
    actor: 'caller',
    action: 'Use the existing tenant, or another id.',
    retry: 'no',
  },
  'launch-gone': {
    meaning: 'The portal ticket was used, was revoked, has expired or never existed.',
    actor: 'user',
    action:
      'Start again from the product. Services should create the launch when the user clicks, not earlier.',
    retry: 'restart',
  },
  'setup-page-closed': {
    meaning:
      'The setup page was opened more than an hour ago, or in another browser, or its launch was revoked.',
    actor: 'user',
    action: 'Open it again from the product.',
    retry: 'restart',
  },
  'navigation-required': {
    meaning:
      'The address was loaded in advance, inside a frame, or by a form of another site. Nothing was used up.',
    actor: 'user',
    action: 'Open the link by a click, in a window of its own.',
    retry: 'no',
  },
} as const satisfies Record<string, Explanation>;
