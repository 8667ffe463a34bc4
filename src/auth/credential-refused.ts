/**
 * A credential was given and is no good. The message is for the log and never for the caller; it
 * holds nothing of the credential.
 */
export class CredentialRefused extends Error {
  override readonly name = 'CredentialRefused';
}
