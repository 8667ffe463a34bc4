import type { IncomingMessage } from 'node:http';
import { Problem } from '../core/problem.ts';

/** Headers that decide who is asking and for what: two of one kind, and two readers may differ. */
const ALONE = new Set([
  'authorization',
  'host',
  'content-type',
  'content-length',
  'content-encoding',
  'cookie',
  'idempotency-key',
  'gatehouse-user-token',
  'gatehouse-user-id',
  'gatehouse-user-roles',
  'workos-signature',
  'x-request-id',
]);

/**
 * Node keeps the first `Authorization`, joins others with a comma and takes either `Host`
 * (RFC 9112 §3.2 says 400), so doubling is refused before anything is read from a header.
 *
 * @throws Problem `duplicate-header`
 */
export function refuseDoubledHeaders(req: IncomingMessage): void {
  const seen: string[] = [];
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const name = req.rawHeaders[i]?.toLowerCase() ?? '';
    if (!ALONE.has(name)) continue;
    if (seen.includes(name)) {
      throw new Problem('duplicate-header', `The header ${name} was sent twice.`, {
        errors: [{ field: name, code: 'duplicate', message: 'was sent twice' }],
      });
    }
    seen.push(name);
  }
}
