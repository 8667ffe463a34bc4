/**
 * The decisions whose tests are measured, each with the fastest test files that prove it. `database`: these need
 * Postgres. Files of SQL are left out: a mutant there is an empty statement, which any test notices.
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
  tickets: {
    source: [
      'src/portal/link/tokens.ts',
      'src/portal/link/launch-permission.ts',
      'src/portal/launch-page/browser-cookie.ts',
      'src/portal/launch-page/redeem-ticket.ts',
    ],
    tests: [
      'test/portal/launch-permission.test.ts',
      'test/portal/launch-by-ticket.test.ts',
      'test/portal/confirm-launch.test.ts',
      'test/auth/long-ticket-azp.test.ts',
    ],
    database: true,
  },
  signatures: {
    source: ['src/webhooks/signatures.ts', 'src/events/intake/signature.ts'],
    tests: ['test/webhooks/signatures.test.ts'],
  },
  tokens: {
    source: [
      'src/auth/token-verifier.ts',
      'src/auth/key-set.ts',
      'src/auth/claims.ts',
      'src/auth/acting-user.ts',
      'src/auth/authorization-header.ts',
      'src/auth/token-problems.ts',
    ],
    tests: [
      'test/auth/token-verifier.test.ts',
      'test/auth/token-keys.test.ts',
      'test/auth/key-set.test.ts',
      'test/auth/authorization-header.test.ts',
    ],
  },
  permission: {
    source: ['src/auth/permission.ts', 'src/core/identity.ts'],
    tests: ['test/auth/permission.test.ts'],
  },
  transitions: {
    source: ['src/tenants/model/transitions.ts', 'src/tenants/model/status.ts'],
    tests: ['test/tenants/transitions.test.ts'],
    database: true,
  },
  errors: {
    source: ['src/workos/failure.ts', 'src/workos/problems.ts', 'src/workos/refusals.ts'],
    tests: ['test/workos/error-table.test.ts'],
  },
  budget: {
    source: ['src/workos/budget/*.ts'],
    tests: [
      'test/workos/budget/account.test.ts',
      'test/workos/budget/allocation.test.ts',
      'test/workos/budget/holds.test.ts',
      'test/workos/budget/meter.test.ts',
      'test/workos/budget/process-budget.test.ts',
    ],
  },
};
