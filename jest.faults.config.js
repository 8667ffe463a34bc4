import base from './jest.config.js';

/** Faults that take their time: kills, frozen processes, a database that goes away. @type {import('jest').Config} */
export default {
  ...base,
  testPathIgnorePatterns: ['/node_modules/'],
  testMatch: ['<rootDir>/test/faults/*.test.ts'],
  testTimeout: 300_000,
};
