import base from './jest.config.js';

/** Real Chromium against the whole system. @type {import('jest').Config} */
export default {
  ...base,
  testPathIgnorePatterns: ['/node_modules/'],
  testMatch: ['<rootDir>/test/browser/*.test.ts'],
};
