/** Logins through identity providers, from the authorization URL to the logout; profiles are in the shape of WorkOS's API. */

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

export interface SignInState {
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
