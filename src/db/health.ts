import type { Database } from './database.ts';
import { lackingPrivileges } from './grants.ts';
import { pendingMigrations } from './migrate.ts';

export interface Health {
  /** How long the database took to answer. */
  readonly seconds: number;
  /** The database's clock minus ours. */
  readonly clockOffsetSeconds: number;
  readonly pendingMigrations: number;
  /** The privileges that this release needs and the role lacks, e.g. `tenants (insert)`. */
  readonly lackingPrivileges: readonly string[];
}

/** @throws the database's error if it does not answer or takes no writes */
export async function healthOf({ ping, probe }: Pick<Database, 'ping' | 'probe'>): Promise<Health> {
  await ping();
  const began = Date.now();
  const beganAt = performance.now();
  const [row] = await probe.query<{ epoch: number }>(
    'select extract(epoch from clock_timestamp())::float8 as epoch',
  );
  const seconds = (performance.now() - beganAt) / 1_000;
  const pending = await pendingMigrations(probe);
  return {
    seconds,
    clockOffsetSeconds: (row?.epoch ?? 0) - (began / 1_000 + seconds / 2),
    pendingMigrations: pending.length,
    lackingPrivileges: await lackingPrivileges(probe),
  };
}
