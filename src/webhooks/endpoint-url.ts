import { Problem } from '../core/problem.ts';

/** A host right after the slashes: WHATWG skips further ones, where RFC 3986 sees an empty host. */
const ABSOLUTE = /^https?:\/\/[^/?#]/;
/** Also an empty one. */
const USER_NAME = /^\w+:\/\/[^/?#]*@/;
/** Control characters, white space and backslashes are where two URL parsers come to differ. */
const ODD = /[\p{Cc}\p{Cf}\p{Z}\s\\]/u;
const MAX_LENGTH = 2_048;

/** Whether a URL is of an origin that `WEBHOOK_ENDPOINT_ORIGINS` names. */
export type IsAllowed = (url: URL) => boolean;

/**
 * @param patterns origins in which `*` stands for one label of the host, or for the port. So http
 *   is allowed where one of them says so, and nowhere else.
 */
export function allowedOrigins(patterns: readonly string[]): IsAllowed {
  const expressions = patterns.map(expressionOf);
  return (url) => expressions.some((expression) => expression.test(originOf(url)));
}

/** With its port, also the usual one. */
const originOf = ({ protocol, hostname, port }: URL): string =>
  `${protocol}//${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;

function expressionOf(pattern: string): RegExp {
  const [, scheme = '', host = '', port] =
    /^(https?):\/\/(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(pattern) ?? [];
  const labels = host.split('.').map((label) => (label === '*' ? '[a-z0-9_-]+' : escaped(label)));
  const ports = port === '*' ? '\\d+' : (port ?? (scheme === 'https' ? '443' : '80'));
  return new RegExp(`^${scheme}://${labels.join('\\.')}:${ports}$`);
}

const escaped = (text: string): string => text.replaceAll(/[[\]]/g, '\\$&');

/**
 * The serialised form of a URL that events may be delivered to. Parsed once, and only this form is
 * used from then on.
 *
 * @throws Problem `invalid-url`
 */
export function endpointUrl(raw: string, isAllowed: IsAllowed): string {
  const refuse = (why: string) =>
    new Problem('invalid-url', `endpoint_url: ${why}`, {
      errors: [{ field: 'endpoint_url', code: 'invalid_url', message: why }],
    });
  if (!readsOneWay(raw)) throw refuse('must be an absolute URL');
  if (USER_NAME.test(raw)) throw refuse('must not hold a user name');
  if (raw.includes('#')) throw refuse('must not have a fragment');
  const url = new URL(raw);
  if (!isAllowed(url))
    throw refuse('must be of an origin to which events may go (WEBHOOK_ENDPOINT_ORIGINS)');
  return url.href;
}

const readsOneWay = (raw: string): boolean =>
  raw.length <= MAX_LENGTH &&
  ABSOLUTE.test(raw) &&
  !ODD.test(raw) &&
  raw.isWellFormed() &&
  URL.canParse(raw);
