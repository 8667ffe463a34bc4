import type { Client } from './identity.ts';

/** `http` on a loopback address, whose port is free to vary (RFC 8252 §7.3). `localhost` is none. */
const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::[1-9]\d{0,4})?(?=[/?]|$)/;

/**
 * A scheme of an installed app, written as a reversed domain name: `com.example.app:/callback`
 * (RFC 8252 §7.1). Without a period, another app could have chosen the same name.
 */
const PRIVATE_USE = /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:\/[\x21-\x7e]*$/;

/** True if codes may be sent to this URI, on this machine or in an app, without https. */
export const isNativeRedirect = (uri: string): boolean =>
  URL.canParse(uri) && (LOOPBACK.test(uri) || PRIVATE_USE.test(uri));

/**
 * Compares exactly (RFC 9700 §2.1): no prefix, no wildcard, no normalisation. Only the port of a
 * loopback address may differ, because command-line tools get theirs from the system.
 */
export function isRegisteredRedirect({ redirectUris }: Client, uri: string): boolean {
  if (redirectUris.includes(uri)) return true;
  const asked = withoutPort(uri);
  return asked !== undefined && redirectUris.some((one) => withoutPort(one) === asked);
}

/** Returns undefined unless it is a loopback address. */
const withoutPort = (uri: string): string | undefined =>
  LOOPBACK.test(uri) && URL.canParse(uri) ? uri.replace(LOOPBACK, '$1') : undefined;
