/**
 * A credential was sent and is invalid. The message is for the log, never for the caller, and holds
 * nothing of the credential.
 */
export class CredentialRefused extends Error {
  override readonly name = 'CredentialRefused';
}
