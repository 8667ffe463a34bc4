import { parse, serialize, type CookieSerializeOptions } from 'cookie';

/**
 * Parses a `Cookie` header into pairs of name and value. `parse` keeps only the first of several
 * cookies with one name, and a subdomain may have set that one; here all are returned, for the
 * caller to choose. Only spaces and tabs around a name are dropped (RFC 6265 §5.2): with other
 * white space before `__Host-`, browsers do not enforce the prefix.
 */
export const cookiesIn = (header = ''): [name: string, value: string][] =>
  header.split(';').flatMap((part) => Object.entries(parse(part, { decode: String })));

/** Lax: with Strict, a cookie would be missing on the way back from another site or an e-mail. */
const ATTRIBUTES: CookieSerializeOptions = { httpOnly: true, sameSite: 'lax' };

/**
 * Returns a `Set-Cookie` value for a cookie of this host that scripts cannot read.
 *
 * @param maxAge seconds; 0 deletes the cookie, undefined keeps it until the browser closes
 */
export const hostCookie = (
  name: string,
  value: string,
  { secure, maxAge, path = '/' }: HostCookieOptions,
): string =>
  serialize(name, value, { ...ATTRIBUTES, secure, path, ...(maxAge !== undefined && { maxAge }) });

interface HostCookieOptions {
  readonly secure: boolean;
  readonly maxAge?: number;
  /** Default: `/`. */
  readonly path?: string;
}
