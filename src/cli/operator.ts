import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Actor } from '../core/identity.ts';

/**
 * The actor of a command, for the audit trail. The absence of a client marks the platform team. The
 * name comes from the operating system and is therefore only `asserted`: anyone with the database
 * password can choose it.
 */
export const operator = (command: string): Actor => ({
  client: undefined,
  user: { id: `cli:${osUser()}`, tenantId: undefined, roles: [], source: 'asserted' },
  requestId: randomUUID(),
  operation: command,
});

/** A container may run under a uid without a user name. */
export function osUser(): string {
  try {
    return userInfo()
      .username.replaceAll(/[^\x20-\x7e]/g, '?')
      .slice(0, 200);
  } catch {
    // The uid identifies the user as well.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
