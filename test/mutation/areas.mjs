/**
 * The decisions whose tests are measured, each with the fastest test files that prove it. `database`: these need
 * Postgres.
 */
export const AREAS = {
  redirects: {
    source: [
      'src/core/redirect-uri.ts',
      'src/core/strict-url.ts',
      'src/core/loopback.ts',
      'src/portal/link/return-url.ts',
    ],
    tests: [
      'test/core/redirect-uri.test.ts',
      'test/core/strict-url.test.ts',
      'test/portal/return-url.test.ts',
    ],
  },
  permission: {
    source: ['src/auth/permission.ts', 'src/core/identity.ts'],
    tests: ['test/auth/permission.test.ts'],
  },
};
