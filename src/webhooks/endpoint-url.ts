import { isLoopback } from '../core/loopback.ts';
import { Problem } from '../core/problem.ts';
import { hasUserName, parseStrictUrl } from '../core/strict-url.ts';

const MAX_LENGTH = 2_048;

/** True if `WEBHOOK_ENDPOINT_ORIGINS` allows the URL's origin. */
export type IsAllowed = (url: URL) => boolean;

/**
 * @param patterns origins in which `*` stands for one label of the host, or for the port. http is
 *   allowed only where a pattern says so, and so is this machine: its other ports are not for clients.
 */
export function allowedOrigins(patterns: readonly string[]): IsAllowed {
  const all = patterns.map(expressionOf);
  const named = patterns.filter((pattern) => !HOST_WITH_STAR.test(pattern)).map(expressionOf);
  return (url) =>
    (isLoopback(url.hostname) ? named : all).some((expression) => expression.test(originOf(url)));
}

const HOST_WITH_STAR = /^https?:\/\/[^:]*\*/;

/** Origin with an explicit port, including the default one. */
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
 * Validates the URL of an endpoint. Returns its serialised form, the only form used afterwards.
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
  if (hasUserName(raw)) throw refuse('must not contain a user name');
  if (raw.includes('#')) throw refuse('must not have a fragment');
  if (!isAllowed(url))
    throw refuse(
      url.protocol === 'https:' || isLoopback(url.hostname)
        ? notAllowed(url)
        : 'must begin with https://',
    );
  return url.href;
}

const notAllowed = ({ origin }: URL): string =>
  `must have an origin to which events may be delivered. Ask the platform team to allow ${origin} (WEBHOOK_ENDPOINT_ORIGINS)`;
