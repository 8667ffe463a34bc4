import type { TenantStatus } from '../core/identity.ts';

/** What changes a tenant's status, and from which statuses it may. */
const FROM = {
  /** A PUT or the reconciler works on the tenant's organization. To `provisioning`. */
  claim: ['provisioning', 'conflict', 'orphaned'],
  /** The organization is there. To `suspended` if the tenant was stopped, else to `active`. */
  activate: ['provisioning'],
  /** The organization is another's, so a person has to decide. To `conflict`. */
  conflict: ['provisioning'],
  /** An explicit `status` in a PATCH. To that status. */
  setStatus: ['active', 'suspended'],
  /** The same before there is an organization: `former_status` keeps it until there is one. */
  setFormerStatus: ['provisioning', 'conflict', 'orphaned'],
  /** WorkOS no longer knows the organization. To `orphaned`; `former_status` keeps the status before. */
  orphan: ['active', 'suspended'],
  /** WorkOS knows it again. To the status before. */
  restore: ['orphaned'],
  /** The organization is to be deleted at WorkOS. To `deleting`. */
  beginDelete: ['provisioning', 'active', 'suspended', 'orphaned', 'conflict', 'deleting'],
  /** The organization stays at WorkOS, and may be adopted by another tenant. To `deleted`. */
  unlink: ['provisioning', 'active', 'suspended', 'orphaned', 'conflict'],
  /** WorkOS has answered the deletion of the organization. To `deleted`. */
  markDeleted: ['deleting'],
} as const satisfies Record<string, readonly TenantStatus[]>;

export type Transition = keyof typeof FROM;

const sqlList = (statuses: readonly TenantStatus[]): string =>
  `(${statuses.map((status) => `'${status}'`).join(', ')})`;

/** The condition without which a statement must not change a tenant's status. */
export const mayGo = (transition: Transition): string => `status in ${sqlList(FROM[transition])}`;

/**
 * The status of a tenant whose organization is there (again). Null: nobody has stopped it, or a
 * release orphaned it that did not keep the status.
 */
export const RESUMED = `case former_status when 'suspended' then 'suspended' else 'active' end`;

/**
 * An organization is a tenant's own from `activate` on; before that it is only reserved for it. A
 * tombstone reserves one for ever whose deletion was sent to WorkOS: a late one may still land.
 */
const RESERVING: readonly TenantStatus[] = ['provisioning', 'conflict', 'deleted'];

export const OWN_ORGANIZATION = `case when status not in ${sqlList(RESERVING)} then organization_id end`;
export const OWNS_ORGANIZATION = `status not in ${sqlList(RESERVING)}`;

/** Whether the tenant still waits for an organization. */
export const isUnprovisioned = ({ status }: { readonly status: TenantStatus }): boolean =>
  (FROM.setFormerStatus as readonly TenantStatus[]).includes(status);

/** Whether there is an organization, so that the profile can be changed. */
export const isProvisioned = ({ status }: { readonly status: TenantStatus }): boolean =>
  status === 'active' || status === 'suspended';
