/** What the fake remembers, in the shapes it puts on the wire. */
import type { AuditLogState } from './audit-logs.ts';
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

/** With which an identity provider signs; only its events are on the wire. */
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

/** A user as a connection knows them; its shape on the wire. */
export interface Profile {
  object: 'profile';
  id: string;
  /** Null: signed in with a provider, outside any organization. */
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

/** Where users come from: a connection, or a provider such as GoogleOAuth. */
export interface IdentityProvider {
  connection_id: string;
  connection_type: string;
  organization_id: string | null;
  /** Whose users they are, in words. */
  name: string;
  /** Of the e-mail addresses of its users. */
  domain: string;
}

/** A browser on its way through the identity provider; never on the wire. */
export interface SignIn {
  token: string;
  identity_provider: IdentityProvider;
  /** What `/sso/authorize` was asked, all of it. */
  query: Readonly<Record<string, string>>;
  expires_at: string;
}

export interface IssuedCode {
  code: string;
  profile_id: string;
  /** What `/sso/authorize` was asked, all of it; empty where nothing was. */
  query: Readonly<Record<string, string>>;
  expires_at: string;
  /** Null: not exchanged yet. */
  used_at: string | null;
}

export interface AccessToken {
  token: string;
  profile_id: string;
  expires_at: string;
}

/** A way out through the identity provider; never on the wire. */
export interface Logout {
  token: string;
  profile_id: string;
  expires_at: string;
}

/** A magic link and what it is for; `id`, `email`, `expires_at` and the link are on the wire. */
export interface PasswordlessSession {
  id: string;
  token: string;
  email: string;
  redirect_uri: string;
  /** Null: none comes back with the code. */
  state: string | null;
  /** Null: the user belongs to no connection. */
  connection: string | null;
  expires_at: string;
  /** Null: no mail would have gone out yet. */
  sent_at: string | null;
  /** Null: the link was not followed yet. */
  used_at: string | null;
}

/** Signs access tokens. */
export interface SigningKey {
  kid: string;
  /** PKCS #8, PEM. */
  private_key: string;
  /** X.509, base64 of its DER. */
  certificate: string;
}

export interface State extends LogStreamState, DirectoryState, AuditLogState, MfaState, UserState {
  readonly organizations: Map<string, Organization>;
  readonly connections: Map<string, Connection>;
  /** By connection. */
  readonly samlCertificates: Map<string, SamlCertificate>;
  readonly directories: Map<string, Directory>;
  readonly events: Map<string, FeedEntry>;
  /** By token. */
  readonly portalSessions: Map<string, PortalSession>;
  readonly profiles: Map<string, Profile>;
  /** By token. */
  readonly signIns: Map<string, SignIn>;
  /** By code. */
  readonly codes: Map<string, IssuedCode>;
  /** By token. */
  readonly accessTokens: Map<string, AccessToken>;
  /** By token. */
  readonly logouts: Map<string, Logout>;
  /** Where a logout ends, by connection. */
  readonly postLogoutUris: Map<string, string>;
  readonly passwordlessSessions: Map<string, PasswordlessSession>;
  /** One, made when it is first needed. */
  readonly signingKeys: Map<string, SigningKey>;
}
