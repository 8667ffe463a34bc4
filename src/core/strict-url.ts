/** Requires a host right after the slashes: WHATWG skips further slashes, where RFC 3986 sees an empty host. */
const ABSOLUTE = /^https?:\/\/[^/?#]/;
/** URL parsers disagree about control characters, white space and backslashes. */
const AMBIGUOUS = /[\p{Cc}\p{Cf}\p{Z}\s\\]/u;
/** Also matches an empty user name. */
const USER_NAME = /^\w+:\/\/[^/?#]*@/;

/**
 * Parses an absolute http or https URL, but only if every URL parser reads it the same way: what
 * one component checks is then what another one follows.
 *
 * @returns undefined when the text is no such URL
 */
export const parseStrictUrl = (text: string): URL | undefined =>
  ABSOLUTE.test(text) && !AMBIGUOUS.test(text) && text.isWellFormed()
    ? (URL.parse(text) ?? undefined)
    : undefined;

/** Tests the text, because `URL` drops an empty user name. */
export const hasUserName = (text: string): boolean => USER_NAME.test(text);
