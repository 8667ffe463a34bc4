import type { IncomingMessage } from 'node:http';
import { Problem } from '../core/problem.ts';

/** Headers that decide who is asking and for what. Two components could read different copies. */
const SINGLE = new Set([
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
 * Refuses duplicate headers before any header is read: Node keeps the first `Authorization`, joins
 * others with a comma, and accepts two `Host` headers (RFC 9112 §3.2 demands 400).
 *
 * @throws Problem `duplicate-header`
 */
export function refuseDuplicateHeaders(req: IncomingMessage): void {
  const seen: string[] = [];
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const name = req.rawHeaders[i]?.toLowerCase() ?? '';
    if (!SINGLE.has(name)) continue;
    if (seen.includes(name)) {
      throw new Problem('duplicate-header', `The header ${name} was sent twice.`, {
        errors: [{ field: name, code: 'duplicate', message: 'was sent twice' }],
      });
    }
    seen.push(name);
  }
}
