import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Actor } from '../core/identity.ts';

/**
 * Who is behind a command, for the audit trail. That there is no client marks it as the platform
 * team's. The name is only the operating system's word, hence `asserted`: whoever has the
 * database's password may call himself anything.
 */
export const operator = (command: string): Actor => ({
  client: undefined,
  user: { id: `cli:${osUser()}`, tenantId: undefined, roles: [], source: 'asserted' },
  requestId: randomUUID(),
  operation: command,
});

/** A container may run under a number that no user has. */
function osUser(): string {
  try {
    return userInfo()
      .username.replaceAll(/[^\x20-\x7e]/g, '?')
      .slice(0, 200);
  } catch {
    // The number names the user as well.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
