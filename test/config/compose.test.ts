import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { SETTINGS } from '../../src/config/settings.ts';

const text = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');

interface Service {
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly profiles?: readonly string[];
}
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };

/** What the container, not its user, decides. */
const FIXED = ['NODE_ENV', 'PORT', 'ADMIN_PORT', 'HOST'];
/** What only the migration needs, or a pooler that compose does not have. */
const OTHERS = ['DATABASE_MIGRATION_URL', 'DATABASE_DIRECT_URL', 'DATABASE_PREPARED_STATEMENTS'];

describe('docker-compose.yml', () => {
  it.each(['gateway-1', 'gateway-2', 'worker'])('passes every setting to %s', (name) => {
    const given = Object.keys(services[name]?.environment ?? {}).map((key) =>
      key.replace(/_FILE$/, ''),
    );

    expect(given.toSorted()).toEqual(
      Object.keys(SETTINGS)
        .filter((setting) => ![...FIXED, ...OTHERS].includes(setting))
        .toSorted(),
    );
  });

  it('starts nothing without a profile, so that the profile dev needs no .env', () => {
    const always = Object.entries(services).filter(([, { profiles }]) => !profiles?.length);

    expect(always.map(([name]) => name)).toEqual([]);
  });
});
