import type { Tenant, TenantStatus } from '../../core/identity.ts';

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
  | { readonly adopt: string }
  | { readonly deleteOrganization: boolean }
  | null;

export interface TenantRow extends Tenant, TenantProfile {
  /** Incremented with every change of fields that WorkOS stores as well. */
  readonly profileVersion: string;
  /** The attempt whose outcome at WorkOS is unknown; null if both sides agree. */
  readonly profileUnsure: string | null;
  /** The fields sent by that attempt and earlier uncertain ones. */
  readonly profileUnsureFields: readonly string[] | null;
  /** The status the tenant gets once it has an organization; null means `active`. */
  readonly formerStatus: TenantStatus | null;
  readonly attempt: string | null;
  /** True while the lease of the attempt has not expired. */
  readonly leased: boolean;
  readonly request: ClaimRequest;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
