import base from './jest.config.js';

/**
 * Real infrastructure that breaks: a standby, a pooler, a load balancer, a full disk, a lossy network.
 * Needs root, Linux and the Debian packages that `.ci/run` installs.
 *
 * @type {import('jest').Config}
 */
export default {
  ...base,
  globalSetup: undefined,
  globalTeardown: undefined,
  testPathIgnorePatterns: ['/node_modules/'],
  testMatch: ['<rootDir>/test/infrastructure/*.test.ts'],
  testTimeout: 180_000,
};
