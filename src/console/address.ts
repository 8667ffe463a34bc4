import { isIP } from 'node:net';

/**
 * True if a `Host` header names an address at which no other site can be: the configured one, loopback or an
 * IP address. Any other name may be one of an attacker that resolves to this port (DNS rebinding).
 *
 * @param consoleUrl the origin of `CONSOLE_URL`; undefined if it is not set
 */
export function isOwnHost(host: string, consoleUrl: string | undefined): boolean {
  if (consoleUrl !== undefined && host.toLowerCase() === new URL(consoleUrl).host) return true;
  const [, name = ''] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(host) ?? [];
  return /^localhost$/i.test(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

/** True if browsers reach this host by https. */
export const isSecureHost = (host: string, consoleUrl: string | undefined): boolean =>
  consoleUrl !== undefined &&
  new URL(consoleUrl).protocol === 'https:' &&
  host.toLowerCase() === new URL(consoleUrl).host;

/** The origin of a page at this host. */
export const originOf = (host: string, consoleUrl: string | undefined): string =>
  `${isSecureHost(host, consoleUrl) ? 'https' : 'http'}://${host.toLowerCase()}`;

/** The origin to which a link leads by default. */
export const defaultOrigin = (consoleUrl: string | undefined, adminPort: number): string =>
  consoleUrl ?? `http://localhost:${adminPort}`;

/** The address of a sign-in link. The page does not use the link up; its button does. */
export const linkTo = (origin: string, secret: string): string =>
  `${origin}/console/sign-in/${secret}`;
