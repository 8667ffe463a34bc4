/** Everything the fake stores, in the shapes of WorkOS's API unless marked. */
import type { AccessState } from './access.ts';
import type { AuditLogState } from './audit-logs.ts';
import type { CodeState } from './codes.ts';
import type { DirectoryState } from './directories.ts';
import type { FeedEntry } from './events.ts';
import type { LogStreamState } from './log-streams.ts';
import type { MfaState } from './mfa.ts';
import type { UserState } from './users.ts';

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

/** Certificate of an identity provider. The API shows it in events only. */
export interface SamlCertificate {
  connection_id: string;
  organization_id: string;
  certificate_type: 'ResponseSigning' | 'RequestSigning' | 'ResponseEncryption';
  expiry_date: string;
}

export interface Directory {
  object: 'directory';
  id: string;
  organization_id: string;
  external_key: string;
  type: string;
  state: 'linked' | 'validating' | 'invalid_credentials' | 'unlinked' | 'deleting';
  name: string;
  /** Undefined when the organization had no domain at creation. */
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

/** Behind one portal link; not in replies. */
export interface PortalSession {
  token: string;
  organization_id: string;
  /** Null when the caller named no intent, which WorkOS allows. */
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
  /** Null until "Finish setup" was pressed. */
  finished_at: string | null;
}

/** The user of a connection. */
export interface Profile {
  object: 'profile';
  id: string;
  /** Null for a user of a shared provider, who belongs to no organization. */
  organization_id: string | null;
  connection_id: string;
  connection_type: string;
  idp_id: string;
  email: string;
  first_name: string | null;
  last_name: string | null;
  name: string | null;
  role?: { slug: string } | null | undefined;
  roles?: { slug: string }[] | null | undefined;
  groups?: string[] | undefined;
  custom_attributes?: Record<string, unknown> | undefined;
  raw_attributes: Record<string, unknown>;
}

/** Source of users: a connection, or a shared provider such as GoogleOAuth. */
export interface IdentityProvider {
  connection_id: string;
  connection_type: string;
  organization_id: string | null;
  /** Display name. */
  name: string;
  /** E-mail domain of its users. */
  domain: string;
}

/** A login in progress at the identity provider; not in replies. */
export interface SignIn {
  token: string;
  identity_provider: IdentityProvider;
  /** The complete query of `/sso/authorize`. */
  query: Readonly<Record<string, string>>;
  expires_at: string;
}

export interface IssuedCode {
  code: string;
  profile_id: string;
  /** The complete query of `/sso/authorize`; empty when the login did not start there. */
  query: Readonly<Record<string, string>>;
  expires_at: string;
  /** Null until the code was exchanged. */
  used_at: string | null;
}

export interface AccessToken {
  token: string;
  profile_id: string;
  expires_at: string;
}

/** A single logout in progress; not in replies. */
export interface Logout {
  token: string;
  profile_id: string;
  expires_at: string;
}

/** A magic link. Replies contain `id`, `email`, `expires_at` and the link only. */
export interface PasswordlessSession {
  id: string;
  token: string;
  email: string;
  redirect_uri: string;
  /** Null when the caller sent no state. */
  state: string | null;
  /** Null when the user belongs to no connection. */
  connection: string | null;
  expires_at: string;
  /** Null until `send` was called; the fake sends no mail. */
  sent_at: string | null;
  /** Null until the link was opened. */
  used_at: string | null;
}

/** The key that signs access tokens. */
export interface SigningKey {
  kid: string;
  /** PKCS #8, PEM. */
  private_key: string;
  /** X.509 certificate, DER in base64. Undefined until the JWKS was read. */
  certificate?: string;
}

export interface State
  extends
    AccessState,
    CodeState,
    LogStreamState,
    DirectoryState,
    AuditLogState,
    MfaState,
    UserState {
  readonly organizations: Map<string, Organization>;
  readonly connections: Map<string, Connection>;
  /** Keyed by connection id. */
  readonly samlCertificates: Map<string, SamlCertificate>;
  readonly directories: Map<string, Directory>;
  readonly events: Map<string, FeedEntry>;
  /** Keyed by token. */
  readonly portalSessions: Map<string, PortalSession>;
  readonly profiles: Map<string, Profile>;
  /** Keyed by token. */
  readonly signIns: Map<string, SignIn>;
  /** Keyed by code. */
  readonly codes: Map<string, IssuedCode>;
  /** Keyed by token. */
  readonly accessTokens: Map<string, AccessToken>;
  /** Keyed by token. */
  readonly logouts: Map<string, Logout>;
  /** Redirect target of a logout, keyed by connection id. */
  readonly postLogoutUris: Map<string, string>;
  readonly passwordlessSessions: Map<string, PasswordlessSession>;
  /** Holds one key, created on first use. */
  readonly signingKeys: Map<string, SigningKey>;
}
