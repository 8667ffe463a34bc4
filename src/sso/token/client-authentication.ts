import { basicOf, bearerOf } from '../../auth/authorization-header.ts';
import { CredentialRefused } from '../../auth/credential-refused.ts';
import { WORKOS_KEY } from '../../auth/refusals.ts';
import type { Authenticator } from '../../auth/passport.ts';
import type { Client } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';

/** Client credentials in the body of a token request. */
export interface BodyCredentials {
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
}

/**
 * Authenticates the client of a token request: by Basic (RFC 6749 §2.3.1), `Authorization: Bearer` or
 * `client_secret`. SDKs send a header as well as `client_secret`; both must then be the same.
 *
 * @throws Problem `invalid-client`
 */
export async function authenticateClient(
  authenticator: Authenticator,
  { authorization }: Readonly<Record<string, string | undefined>>,
  { client_id: id, client_secret: secret }: BodyCredentials,
): Promise<Client> {
  const header = authorization === undefined ? undefined : readHeader(authorization);
  const client = await clientOf(authenticator, onlyOne(header?.secret, secret));
  if (client.id !== (onlyOne(header?.id, id) ?? client.id))
    throw invalidClient(undefined, OTHER_ID);
  return client;
}

/** @throws Problem `invalid-client` */
async function clientOf(authenticator: Authenticator, credential = ''): Promise<Client> {
  if (credential === '') throw invalidClient();
  const client = await authenticator.client({ headers: { authorization: `Bearer ${credential}` } });
  if (client && !(client instanceof CredentialRefused)) return client;
  throw invalidClient(client, credential.startsWith('sk_') ? WORKOS_KEY : undefined);
}

/** Returns the one value given, or undefined if none is. @throws Problem `invalid-client` if values differ */
function onlyOne(...values: readonly (string | undefined)[]): string | undefined {
  const given = new Set(values.filter(Boolean));
  if (given.size > 1) throw invalidClient();
  return [...given][0];
}

/** @throws Problem `invalid-client` */
function readHeader(header: string): { readonly id?: string; readonly secret: string } {
  const bearer = bearerOf(header);
  if (bearer !== undefined) return { secret: bearer };
  const basic = basicOf(header);
  if (basic === undefined) throw invalidClient();
  const [id = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return { id: formDecode(id), secret: formDecode(secret.join(':')) };
}

/** RFC 6749 §2.3.1: id and secret are form-encoded before they are joined. */
function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // The error would say only that the encoding is wrong, and may quote the secret.
    throw invalidClient();
  }
}

/** Only for who has the key, so nobody learns which clients exist. */
const OTHER_ID =
  'client_id is not that of the client whose key this is. It is the id of your client at Gatehouse, not a client id of WorkOS (client_…).';

/** @param cause why the credential is invalid, for the log */
const invalidClient = (
  cause?: CredentialRefused,
  text = 'Client authentication failed: send your API key as client_secret, Basic or Bearer, with your own client_id.',
) => new Problem('invalid-client', text, { cause });
