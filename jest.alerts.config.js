import base from './jest.config.js';

/**
 * Each alert by its fault: a real Prometheus scrapes real processes and evaluates the rules.
 *
 * @type {import('jest').Config}
 */
export default {
  ...base,
  testPathIgnorePatterns: ['/node_modules/'],
  testMatch: ['<rootDir>/test/alerts/*.test.ts'],
  testTimeout: 180_000,
};
