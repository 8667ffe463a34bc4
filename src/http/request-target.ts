import type { IncomingMessage } from 'node:http';

/** `http://host` of the absolute form. */
const ORIGIN = /^https?:\/\/[^/?]*/i;

/**
 * Reduces the target of a request to its path and query, whose form all that follows expects. Express
 * would give every other form to `url.parse`, with which Node warns on the console and quotes the target.
 *
 * @returns false for a target that is malformed: a fragment (RFC 9112 §3.2.1), an absolute form that is no URL (§3.2.2)
 */
export function reduceTarget(req: IncomingMessage): boolean {
  const { url = '' } = req;
  if (url.includes('#')) return false;
  if (url.startsWith('/')) return true;
  // No resource has the asterisk form (§3.2.4).
  if (url !== '*' && !URL.canParse(url)) return false;
  const target = url.replace(ORIGIN, '');
  req.url = target.startsWith('/') ? target : `/${target}`;
  return true;
}
