import './test/support/runner/fast-imports.mjs';

// Coverage and watching need Jest's own loading of modules; everything else runs faster without it.
const ownLoading = process.argv.some((argument) => /^--(coverage|watch)/.test(argument));

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  ...(!ownLoading && { testRunner: './test/support/runner/runner.cjs' }),
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': './test/support/strip-types.cjs' },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/(alerts|browser|faults|infrastructure)/',
  ],
  globalSetup: './test/support/global-setup.ts',
  globalTeardown: './test/support/global-teardown.ts',
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts'],
  // One more than there are cores: much of a test is waiting, for Postgres and for timeouts.
  maxWorkers: 3,
  // Jest's own half second is not enough for a worker to free its memory and write the compile cache.
  workerGracefulExitTimeout: 10_000,
  // A test takes a second at most on a quiet machine; a busy one may be many times slower.
  testTimeout: 60_000,
};
