import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

interface Entry {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
}
const { packages } = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
) as { packages: Record<string, Entry> };
const entries = Object.entries(packages).filter(([path]) => path !== '');

describe('package-lock.json', () => {
  it('has the checksum of every package', () => {
    const without = entries.filter(
      ([, { integrity, link, inBundle }]) =>
        !link && !inBundle && !integrity?.startsWith('sha512-'),
    );

    expect(without.map(([path]) => path)).toEqual([]);
  });

  it('names no host to fetch a package from', () => {
    expect(entries.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
  });
});
