import { Problem } from '../core/problem.ts';
import { hasUserName, parseStrictUrl } from '../core/strict-url.ts';

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
  const url = raw.length <= MAX_LENGTH ? parseStrictUrl(raw) : undefined;
  if (!url) throw refuse('must be an absolute URL');
  if (hasUserName(raw)) throw refuse('must not hold a user name');
  if (raw.includes('#')) throw refuse('must not have a fragment');
  if (!isAllowed(url))
    throw refuse('must be of an origin to which events may go (WEBHOOK_ENDPOINT_ORIGINS)');
  return url.href;
}
