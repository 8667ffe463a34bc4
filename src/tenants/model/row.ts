/** The row of a tenant, and helpers for statements on it. */
import { recordIn, type AuditRow } from '../../audit-trail/writer.ts';
import type { Queryable } from '../../core/ports.ts';
import type { Tenant, TenantStatus } from '../../core/identity.ts';
import { OWN_ORGANIZATION } from './transitions.ts';

export interface TenantDomain {
  readonly domain: string;
  readonly state: string;
}

/** The part of a tenant that callers set. */
export interface TenantProfile {
  readonly name: string;
  readonly domains: readonly TenantDomain[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly signInClientId: string | null;
  /** The generation of that client when it was set; null if set by a release that kept none. */
  readonly signInClientGeneration: string | null;
}

/** The task of a claim, stored so that a takeover after a crash does the same. */
export type ClaimRequest =
  { readonly adopt: string } | { readonly deleteOrganization: boolean } | null;

export interface TenantRow extends Tenant, TenantProfile {
  /** Incremented with every change of fields that WorkOS stores as well. */
  readonly profileVersion: string;
  /** The attempt whose outcome at WorkOS is unknown; null if both sides agree. */
  readonly unsure: string | null;
  /** The fields sent by that attempt and earlier uncertain ones. */
  readonly unsureFields: readonly string[] | null;
  /** The status the tenant gets once it has an organization; null means `active`. */
  readonly formerStatus: TenantStatus | null;
  readonly attempt: string | null;
  /** True while the lease of the attempt has not expired. */
  readonly leased: boolean;
  readonly request: ClaimRequest;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const COLUMNS = `id, ${OWN_ORGANIZATION} as "organizationId", status, name, domains, metadata,
  sign_in_client_id as "signInClientId", sign_in_client_generation as "signInClientGeneration",
  profile_version as "profileVersion", former_status as "formerStatus",
  profile_unsure as "unsure", profile_unsure_fields as "unsureFields",
  attempt, coalesce(lease_until > now(), false) as leased, request,
  created_at as "createdAt", updated_at as "updatedAt"`;

/** Writes the audit row, and clears the tenant cache of every replica. */
export async function recordAndNotify(tx: Queryable, audit: AuditRow): Promise<void> {
  await recordIn(tx, audit);
  await tx.query(`select pg_notify('gatehouse', 'tenants')`);
}

export const json = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);
