/**
 * A credential was sent and is invalid. The message holds nothing of the credential. It is logged; of a
 * user's token it is also shown to the client that sent it, which has proved who it is.
 */
export class CredentialRefused extends Error {
  override readonly name = 'CredentialRefused';
}
