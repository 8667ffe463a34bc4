/** How WorkOS says in a callback that a login has failed. A browser can bring any text instead. */

export interface CallbackError {
  /** One of WorkOS's codes, or `other_error`. */
  readonly reason: string;
  readonly said: string | undefined;
}

/**
 * WorkOS's error codes. Only these are recorded as they are.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url/error-codes
 */
const KNOWN_ERRORS = [
  'access_denied',
  'ambiguous_connection_selector',
  'connection_domain_invalid',
  'connection_invalid',
  'connection_strategy_invalid',
  'connection_unlinked',
  'domain_connection_selector_not_allowed',
  'idp_initiated_sso_disabled',
  'invalid_connection_selector',
  'oauth_failed',
  'organization_invalid',
  'profile_not_allowed_outside_organization',
  'server_error',
  'signin_consent_denied',
];

export function callbackError(error: string, description: string | undefined): CallbackError {
  const isKnown = KNOWN_ERRORS.includes(error);
  const said = isKnown ? description : `${error.slice(0, 64)} ${description ?? ''}`;
  return { reason: isKnown ? error : 'other_error', said };
}

/** As `callbackError`, with a description that may be shown to the IT admin. */
export function cleanedError(
  error: string | undefined,
  description: string | undefined,
): CallbackError {
  const { reason, said } = callbackError(error ?? 'server_error', description);
  return { reason, said: said && cleanDescription(said) };
}

/** Cleans WorkOS's description: printable ASCII (RFC 6749 §4.1.2.1), no organization id. */
export const cleanDescription = (text: string): string =>
  text
    .replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, ' ')
    .replaceAll(/\borg_\w+/g, 'the organization')
    .slice(0, 300);
