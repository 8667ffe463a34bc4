import type { Authenticator } from '../auth/passport.ts';
import type { Client } from '../identity.ts';
import { Problem } from '../problem.ts';

type Headers = Readonly<Record<string, string | undefined>>;

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
  headers: Headers,
  { client_id: id, client_secret: secret }: Presented,
): Promise<Client> {
  const basic = basicOf(headers['authorization']);
  const bearer = /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
  const credentials = new Set(
    [basic?.secret, bearer, secret].filter((value) => value !== undefined),
  );
  const ids = new Set([basic?.id, id].filter((value) => value !== undefined));
  const [credential] = credentials;
  if (credentials.size !== 1 || credential === undefined || ids.size > 1) throw invalidClient();
  const client = await authenticator.client({ headers: { authorization: `Bearer ${credential}` } });
  const [claimed = client?.id] = ids;
  if (!client || client.id !== claimed) throw invalidClient();
  return client;
}

export const invalidClient = () =>
  new Problem(
    'invalid-client',
    'Client authentication failed: send your API key as client_secret, Basic or Bearer, with your own client_id.',
  );

function basicOf(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  try {
    return { id: formDecode(id), secret: formDecode(secret.join(':')) };
  } catch {
    throw invalidClient();
  }
}

/** RFC 6749 §2.3.1: both halves are form-encoded first. */
const formDecode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
