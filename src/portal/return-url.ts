import { isLoopback } from '../config.ts';
import type { Client } from '../identity.ts';
import { invalidField } from '../problem.ts';

/** Control characters, white space and backslashes are where two URL parsers come to differ. */
const ODD = /[\p{Cc}\p{Cf}\p{Z}\s\\]/u;

/**
 * The serialised form of a URL that WorkOS or our page may lead to: absolute, https, and of an
 * origin registered for the client. Parsed once, compared by origin, and only this form is used.
 *
 * @throws Problem `invalid-request` naming the field; never a silent fallback
 */
export function allowedUrl(
  field: string,
  raw: string,
  client: Client,
  development: boolean,
): string {
  const refuse = (message: string) => invalidField(field, 'invalid_url', message);
  const prefix = raw.startsWith('https://') || (development && raw.startsWith('http://'));
  if (!prefix || ODD.test(raw) || !raw.isWellFormed() || !URL.canParse(raw))
    throw refuse('must be an absolute https URL');
  const url = new URL(raw);
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw refuse('must be an absolute https URL');
  if (url.username !== '' || url.password !== '' || raw.slice(8).split(/[/?#]/)[0]?.includes('@'))
    throw refuse('must not hold a user name');
  if (!client.returnOrigins.includes(url.origin))
    throw refuse('must be of an origin registered for the client (return_origins)');
  return url.href;
}
