/** One tenant as its row has it. */
import { recordIn, type AuditRow } from '../audit-trail/writer.ts';
import type { Queryable } from '../core/ports.ts';
import type { Tenant, TenantStatus } from '../core/identity.ts';
import { OWN_ORGANIZATION } from './transitions.ts';

export interface TenantDomain {
  readonly domain: string;
  readonly state: string;
}

/** What a caller says of a tenant. */
export interface TenantProfile {
  readonly name: string;
  readonly domains: readonly TenantDomain[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly signInClientId: string | null;
  /** The generation of that client when it was named. Null: named by a release that kept none. */
  readonly signInClientGeneration: string | null;
}

/** What a claim is to do, so that whoever finishes it after a crash does the same. */
export type ClaimRequest =
  { readonly adopt: string } | { readonly deleteOrganization: boolean } | null;

export interface TenantRow extends Tenant, TenantProfile {
  /** Changes with every change of what WorkOS keeps too. */
  readonly profileVersion: string;
  /** The attempt whose outcome at WorkOS is not known. Null: both sides have the same. */
  readonly unsure: string | null;
  /** What that attempt and others before it sent. */
  readonly unsureFields: readonly string[] | null;
  /** The status that comes back once there is an organization. Null: `active`. */
  readonly formerStatus: TenantStatus | null;
  readonly attempt: string | null;
  /** Whether the attempt's holder is still believed to be alive. */
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

/** Records, and lets every replica forget what it remembers of tenants. */
export async function conclude(tx: Queryable, audit: AuditRow): Promise<void> {
  await recordIn(tx, audit);
  await tx.query(`select pg_notify('gatehouse', 'tenants')`);
}

export const json = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);
