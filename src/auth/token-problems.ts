import { errors } from 'jose';
import { CredentialRefused } from './credential-refused.ts';

/** Turns jose's error into a reason for the log. It names claims but never holds their values. */
export function refusalOf(error: unknown): CredentialRefused {
  return error instanceof CredentialRefused
    ? error
    : new CredentialRefused(reasonOf(error), { cause: error });
}

/** The user has to get a new one; every other reason lies in how tokens are issued or sent. */
export const EXPIRED = 'the token has expired';

/** Only `Authorization` has a scheme before the token. */
export const WITH_SCHEME = 'the token must be sent alone, without Bearer before it';

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return EXPIRED;
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error);
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'the key is unknown: the issuer has none with this kid, type and algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'the signature was not made by a key of the issuer';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid)
    return 'the token is malformed';
  return 'the token could not be verified';
}

function claimReason({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === 'missing') return `the claim ${claim} is missing`;
  if (reason === 'invalid') return `the claim ${claim} is malformed`;
  if (claim === 'aud') return 'the token is for another audience';
  if (claim === 'iss') return 'the token is of another issuer';
  return claim === 'nbf' ? 'the token is not valid yet' : `the claim ${claim} is invalid`;
}
