import type { TenantStatus } from '../../core/identity.ts';

/** The transitions of a tenant's status, and the statuses each may start from. */
const FROM = {
  /** A PUT or the reconciler claims the tenant, to provision its organization. To `provisioning`. */
  claim: ['provisioning', 'conflict', 'orphaned'],
  /** The organization exists. To `suspended` if the tenant was suspended before, else to `active`. */
  activate: ['provisioning'],
  /** The organization belongs to somebody else; a person has to decide. To `conflict`. */
  conflict: ['provisioning'],
  /** An explicit `status` in a PATCH. To that status. */
  setStatus: ['active', 'suspended'],
  /** The same before there is an organization: `former_status` stores it until there is one. */
  setFormerStatus: ['provisioning', 'conflict', 'orphaned'],
  /** WorkOS no longer has the organization. To `orphaned`; `former_status` stores the status before. */
  orphan: ['active', 'suspended'],
  /** WorkOS has it again. To the status before. */
  restore: ['orphaned'],
  /** The organization is to be deleted at WorkOS. To `deleting`. */
  beginDelete: ['provisioning', 'active', 'suspended', 'orphaned', 'conflict', 'deleting'],
  /** The organization stays at WorkOS, and may be adopted by another tenant. To `deleted`. */
  unlink: ['provisioning', 'active', 'suspended', 'orphaned', 'conflict'],
  /** WorkOS has deleted the organization. To `deleted`. */
  markDeleted: ['deleting'],
} as const satisfies Record<string, readonly TenantStatus[]>;

export type Transition = keyof typeof FROM;

const sqlList = (statuses: readonly TenantStatus[]): string =>
  `(${statuses.map((status) => `'${status}'`).join(', ')})`;

/** SQL: the condition that every statement with this transition must have. */
export const mayTransition = (transition: Transition): string =>
  `status in ${sqlList(FROM[transition])}`;

/**
 * SQL: the status of a tenant that gets its organization (back). `former_status` is null if the
 * tenant was not suspended, or was orphaned by a release that did not store the status.
 */
export const RESUMED = `case former_status when 'suspended' then 'suspended' else 'active' end`;

/**
 * In these statuses `organization_id` is only reserved for the tenant; it is the tenant's own from
 * `activate` on. A deleted row reserves its organization for ever once the deletion was sent to
 * WorkOS, because a late request may still arrive there.
 */
const RESERVING: readonly TenantStatus[] = ['provisioning', 'conflict', 'deleted'];

export const OWN_ORGANIZATION = `case when status not in ${sqlList(RESERVING)} then organization_id end`;
export const OWNS_ORGANIZATION = `status not in ${sqlList(RESERVING)}`;

/** True if the tenant has no organization yet, or no longer has one. */
export const isUnprovisioned = ({ status }: { readonly status: TenantStatus }): boolean =>
  (FROM.setFormerStatus as readonly TenantStatus[]).includes(status);

/** True if the tenant has an organization, so that its profile can be changed. */
export const isProvisioned = ({ status }: { readonly status: TenantStatus }): boolean =>
  status === 'active' || status === 'suspended';
