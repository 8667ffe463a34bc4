import base from './jest.config.js';

// The default suite sends 100.
process.env.FUZZ_RUNS ??= '1500';
// The default suite asks a part of the largest tables of cases.
process.env.EXHAUSTIVE ??= '1';

/**
 * What takes its time: races, faults of WorkOS and Postgres, real timeouts, kills, frozen processes, long
 * fuzzing, whole tables of cases.
 *
 * @type {import('jest').Config}
 */
export default {
  ...base,
  testPathIgnorePatterns: ['/node_modules/'],
  testMatch: [
    '<rootDir>/test/faults/**/*.test.ts',
    '<rootDir>/test/auth/access.test.ts',
    '<rootDir>/test/dev/fake-workos-specification.test.ts',
    '<rootDir>/test/http/{bad-bodies,fuzz}.test.ts',
    '<rootDir>/test/pass-through/{compatibility,list-cursors,resource-rights,resources-access}.test.ts',
    '<rootDir>/test/portal/link-release.test.ts',
  ],
  testTimeout: 300_000,
};
