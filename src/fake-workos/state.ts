/** What the fake remembers, in the shapes it puts on the wire. */
export type DomainState = 'failed' | 'legacy_verified' | 'pending' | 'unverified' | 'verified';

export interface OrganizationDomain {
  object: 'organization_domain';
  id: string;
  organization_id: string;
  domain: string;
  state: DomainState;
  verification_strategy: 'dns' | 'manual';
  /** Undefined: verified by hand, so there is no DNS record to set. */
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

export interface Connection {
  object: 'connection';
  id: string;
  organization_id: string;
  connection_type: string;
  name: string;
  state: 'requires_type' | 'draft' | 'active' | 'validating' | 'inactive' | 'deleting';
  status: 'linked' | 'unlinked';
  domains: { id: string; object: 'connection_domain'; domain: string }[];
  created_at: string;
  updated_at: string;
}

export interface Directory {
  object: 'directory';
  id: string;
  organization_id: string;
  external_key: string;
  type: string;
  state: 'linked' | 'validating' | 'invalid_credentials' | 'unlinked' | 'deleting';
  name: string;
  /** Undefined: the organization had no domain when the directory was made. */
  domain?: string;
  metadata: { users: { active: number; inactive: number }; groups: number };
  created_at: string;
  updated_at: string;
}

export const INTENTS = [
  'sso',
  'dsync',
  'audit_logs',
  'log_streams',
  'domain_verification',
  'certificate_renewal',
  'bring_your_own_key',
] as const;
export type Intent = (typeof INTENTS)[number];

/** One minted portal link; never on the wire. */
export interface PortalSession {
  token: string;
  organization_id: string;
  /** Null: the caller named none, which WorkOS allows. */
  intent: Intent | null;
  intent_options: {
    sso?: { provider_type?: string };
    domain_verification?: { domain_name?: string };
  };
  return_url: string | null;
  success_url: string | null;
  it_contact_emails: string[];
  created_at: string;
  expires_at: string;
  /** Null: "Finish setup" was not pressed yet. */
  finished_at: string | null;
}

export interface State {
  readonly organizations: Map<string, Organization>;
  readonly connections: Map<string, Connection>;
  readonly directories: Map<string, Directory>;
  /** By token. */
  readonly portalSessions: Map<string, PortalSession>;
}
