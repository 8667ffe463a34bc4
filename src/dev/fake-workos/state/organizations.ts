/** Organizations and their domains, in the shapes of WorkOS's API. */

export type DomainState = 'failed' | 'legacy_verified' | 'pending' | 'unverified' | 'verified';

export interface OrganizationDomain {
  object: 'organization_domain';
  id: string;
  organization_id: string;
  domain: string;
  state: DomainState;
  verification_strategy: 'dns' | 'manual';
  /** Undefined when verified manually: there is no DNS record to set. */
  verification_prefix?: string;
  verification_token?: string;
  created_at: string;
  updated_at: string;
}

export interface Organization {
  object: 'organization';
  id: string;
  name: string;
  domains: OrganizationDomain[];
  metadata: Record<string, string>;
  external_id: string | null;
  stripe_customer_id?: string;
  allow_profiles_outside_organization: boolean;
  created_at: string;
  updated_at: string;
}

export interface OrganizationState {
  readonly organizations: Map<string, Organization>;
}
