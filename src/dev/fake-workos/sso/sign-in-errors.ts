/** WorkOS's error codes that a sign-in may return to the redirect URI. */

/** @see https://workos.com/docs/reference/sso/get-authorization-url/error-codes */
export const SIGN_IN_ERRORS = {
  access_denied: 'The identity provider denied access to the user.',
  ambiguous_connection_selector: 'More than one connection belongs to the organization.',
  connection_domain_invalid: 'There is no connection for the domain.',
  connection_invalid: 'There is no connection with this ID.',
  connection_strategy_invalid: 'The provider has several strategies in this environment.',
  connection_unlinked: 'The connection is unlinked.',
  domain_connection_selector_not_allowed: 'Use organization or connection instead of domain.',
  idp_initiated_sso_disabled: 'IdP-initiated SSO is disabled for the connection.',
  invalid_connection_selector: 'Exactly one of connection, organization and provider is needed.',
  oauth_failed: 'The OAuth authorization request failed.',
  organization_invalid: 'No connection associated with organization',
  profile_not_allowed_outside_organization:
    "The user's e-mail is outside the organization's domains.",
  server_error: 'The sign-in failed.',
  signin_consent_denied: 'The user refused consent to the sign-in.',
} as const;

/** Thrown when a sign-in fails and the redirect URI may be told so. */
export class SignInError extends Error {
  readonly code: string;

  /** @param description default: the description of the code */
  constructor(code: string, description = descriptionOf(code)) {
    super(description);
    this.code = code;
  }
}

function descriptionOf(code: string): string {
  return (SIGN_IN_ERRORS as Record<string, string>)[code] ?? code;
}
