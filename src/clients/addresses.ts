import { z } from 'zod';
import { isLoopback } from '../core/loopback.ts';
import { isNativeRedirect } from '../core/redirect-uri.ts';

/** Validation of the URLs a client registers. Sign-ins and IT admins are redirected there, so only exact URLs are accepted. */

/** Returns what is wrong with the URL, to be appended to it in a message. Undefined when it is valid. */
type FaultOf = (text: string) => string | undefined;

/** An absolute https URL. @param development true to accept http on loopback */
export const WebAddress = (development: boolean) =>
  address((text) => faultOfScheme(text, development) ?? faultOfPage(text));

/**
 * A redirect URI: a `WebAddress`, or one of a native app (RFC 8252 §7): http on a loopback address, or a
 * scheme that is a reversed domain name.
 */
export const RedirectUri = (development: boolean) =>
  address((text) =>
    isNativeRedirect(text)
      ? faultOfPage(text)
      : (faultOfNativeScheme(text, development) ??
        faultOfScheme(text, development) ??
        faultOfPage(text)),
  );

/** An origin such as `https://app.example.com`, without a path. */
export const WebOrigin = (development: boolean) =>
  address(
    (text) => faultOfScheme(text, development) ?? faultOfPage(text) ?? faultOfOrigin(text),
  ).transform((text) => new URL(text).origin);

/** A token's `iss`. It is compared byte for byte, so it is not normalised. */
export const Issuer = (development: boolean) =>
  address((text) => faultOfScheme(text, development) ?? faultOfIssuer(text));

const address = (faultOf: FaultOf) =>
  z.string().superRefine((text, context) => {
    const fault = faultOf(text);
    if (fault === undefined) return;
    context.addIssue({ code: 'custom', message: `${JSON.stringify(text)} ${fault}` });
  });

function faultOfNativeScheme(text: string, development: boolean): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname } = new URL(text);
  if (protocol === 'http:' && hostname === 'localhost' && !development)
    return 'must be https or, for a native app, http://127.0.0.1 (http://localhost needs NODE_ENV=development)';
  if (protocol === 'http:' || protocol === 'https:') return undefined;
  return 'must be https, or have the scheme of an app, which is a reversed domain name: com.example.app:/callback';
}

function faultOfScheme(text: string, development: boolean): string | undefined {
  if (!URL.canParse(text)) return 'is not an absolute URL';
  const { protocol, hostname } = new URL(text);
  if (protocol === 'https:') return undefined;
  if (protocol !== 'http:' || !isLoopback(hostname)) return 'must be https';
  return development ? undefined : 'must be https (http on loopback needs NODE_ENV=development)';
}

/** @see https://www.rfc-editor.org/rfc/rfc9700#section-2.1 Redirect URIs are compared exactly. */
function faultOfPage(text: string): string | undefined {
  const { href, username, password } = new URL(text);
  if (text.length > 2_048) return 'is longer than 2048 characters';
  if (username || password) return 'must not hold a user name or password';
  if (text.includes('#')) return 'must not have a fragment';
  if (text.includes('*')) return 'must not have a wildcard; name each address';
  // A URL that a browser would rewrite never matches later: `https://A.com:443/x/../y`.
  return isUpToSlash(text, href) ? undefined : `must be written as ${href}`;
}

function faultOfOrigin(text: string): string | undefined {
  const { origin } = new URL(text);
  return isUpToSlash(text, `${origin}/`)
    ? undefined
    : `must be an origin: ${origin}, without a path`;
}

const faultOfIssuer: FaultOf = (text) =>
  /^[\x21-\x7e]{1,255}$/.test(text) ? undefined : 'must be at most 255 printable ASCII characters';

const isUpToSlash = (text: string, canonical: string): boolean =>
  text === canonical || `${text}/` === canonical;
