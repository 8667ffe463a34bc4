import base from './jest.config.js';

// The default suite sends 300.
process.env.FUZZ_RUNS ??= '1500';

/**
 * What takes its time: real timeouts, kills, frozen processes, a database that goes away, long fuzzing.
 *
 * @type {import('jest').Config}
 */
export default {
  ...base,
  testPathIgnorePatterns: ['/node_modules/'],
  testMatch: ['<rootDir>/test/faults/*.test.ts', '<rootDir>/test/http/fuzz.test.ts'],
  testTimeout: 300_000,
};
