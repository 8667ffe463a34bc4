import { isLoopback } from '../../core/loopback.ts';
import type { Client } from '../../core/identity.ts';
import { invalidField } from '../../core/problem.ts';
import { hasUserName, parseStrictUrl } from '../../core/strict-url.ts';

/**
 * Returns the serialised form of a URL that WorkOS or our page may lead to: absolute, https, with an
 * origin registered for the client. Only this form is used, so it is parsed the same way everywhere.
 *
 * @throws Problem `invalid-request` naming the field; never a silent fallback
 */
function allowedUrl(field: string, raw: string, client: Client, development: boolean): string {
  const refuse = (message: string) => invalidField(field, 'invalid_url', message);
  const url = parseStrictUrl(raw);
  if (!url || !isSecure(url, development))
    throw refuse('must be an absolute https URL, such as https://app.example.com/settings');
  if (hasUserName(raw)) throw refuse('must not hold a user name');
  if (!isOfClient(url, client)) throw notRegistered(field, url, client);
  return url.href;
}

export interface ReturnUrls {
  readonly return_url?: string | undefined;
  readonly success_url?: string | undefined;
}

/** Checks both URLs of a link and returns their serialised form. @throws Problem `invalid-request` */
export const allowedUrls = (
  { return_url: back, success_url: success }: ReturnUrls,
  client: Client,
  development: boolean,
): ReturnUrls => ({
  ...(back !== undefined && { return_url: allowedUrl('return_url', back, client, development) }),
  ...(success !== undefined && {
    success_url: allowedUrl('success_url', success, client, development),
  }),
});

const isOfClient = ({ origin }: URL, { returnOrigins }: Client): boolean =>
  returnOrigins.includes(origin);

/** True if the origin of a stored URL is registered for the client now. */
export const isRegistered = (url: string, client: Client): boolean =>
  isOfClient(new URL(url), client);

/** Checks a stored URL again, which was allowed when its ticket was created. @throws Problem `invalid-request` naming the field */
export function requireRegistered(field: string, url: string | null, client: Client): void {
  if (url !== null && !isRegistered(url, client)) throw notRegistered(field, new URL(url), client);
}

function notRegistered(field: string, { origin }: URL, { returnOrigins }: Client) {
  const known = returnOrigins.length > 0 ? returnOrigins.slice(0, 5).join(', ') : 'none';
  return invalidField(
    field,
    'not_registered',
    `must be of a return origin of your client (${known}). Ask the platform team to add ${origin}`,
  );
}

const isSecure = ({ protocol, hostname }: URL, development: boolean): boolean =>
  protocol === 'https:' || (development && isLoopback(hostname));
