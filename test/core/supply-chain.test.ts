import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked>;
};
const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

describe('the lock file', () => {
  it('has the hash of every package, and no address', () => {
    const wrong = packages.filter(([, one]) => !one.integrity || one.resolved !== undefined);

    expect(packages.length).toBeGreaterThan(100);
    expect(wrong.map(([path]) => path)).toEqual([]);
  });

  it('belongs to exact versions of all direct dependencies', () => {
    const exact = /^(npm:@?[\w./-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;

    expect(
      Object.entries({ ...dependencies, ...devDependencies }).filter(
        ([, version]) => !exact.test(version),
      ),
    ).toEqual([]);
  });
});
