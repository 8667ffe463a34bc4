import { basicOf, bearerOf } from '../../auth/authorization-header.ts';
import { CredentialRefused } from '../../auth/credential-refused.ts';
import type { Authenticator } from '../../auth/passport.ts';
import type { Client } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';

export interface Presented {
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
}

/**
 * The client behind a token request: by Basic (RFC 6749 §2.3.1), by `Authorization: Bearer`, or by
 * `client_secret`, as SDKs send it beside the header. What is given twice must be the same.
 *
 * @throws Problem `invalid-client`
 */
export async function authenticateClient(
  authenticator: Authenticator,
  { authorization }: Readonly<Record<string, string | undefined>>,
  { client_id: id, client_secret: secret }: Presented,
): Promise<Client> {
  const header = authorization === undefined ? undefined : readHeader(authorization);
  const credential = onlyOne(header?.secret, secret);
  const client =
    credential &&
    (await authenticator.client({ headers: { authorization: `Bearer ${credential}` } }));
  if (client instanceof CredentialRefused) throw invalidClient(client);
  if (!client || client.id !== (onlyOne(header?.id, id) ?? client.id)) throw invalidClient();
  return client;
}

/** Returns the value that is given once, or twice the same; undefined if none is. @throws Problem `invalid-client` */
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

/** RFC 6749 §2.3.1: both halves are form-encoded first. */
function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // The error would say only that the encoding is wrong, and may quote the secret.
    throw invalidClient();
  }
}

/** @param cause why the token is no good, for the log */
const invalidClient = (cause?: CredentialRefused) =>
  new Problem(
    'invalid-client',
    'Client authentication failed: send your API key as client_secret, Basic or Bearer, with your own client_id.',
    { cause },
  );
