/** The dependency rule of CONTRIBUTING.md, as a check. @type {import('dependency-cruiser').IConfiguration} */
const SLICES =
  'tenants|it-admins|portal|sso|audit-trail|idempotency|events|setup|webhooks|resources|provider-icons';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'slices-do-not-know-each-other',
      comment:
        'A slice may use tenants, the audit writer and what an event is; anything else it needs is handed to it by app.ts.',
      severity: 'error',
      from: { path: `^src/(${SLICES})/` },
      to: {
        path: `^src/(${SLICES})/`,
        pathNot: [
          '^src/$1/',
          '^src/tenants/(contract|status)\\.ts$',
          '^src/audit-trail/writer\\.ts$',
          '^src/events/event\\.ts$',
        ],
      },
    },
    {
      name: 'http-knows-no-domain',
      severity: 'error',
      from: { path: '^src/http/' },
      to: {
        path: '^src/',
        pathNot: ['^src/http/', '^src/(problem|identity|secret|describe-cause)\\.ts$'],
      },
    },
    {
      name: 'auth-knows-no-slice',
      comment: 'What permission asks for is handed in.',
      severity: 'error',
      from: { path: '^src/auth/' },
      to: { path: `^src/(${SLICES}|clients|db|pages|workos)/` },
    },
    {
      name: 'only-stores-query',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/(db|dev|operation)/',
          '^src/clients/',
          '[/-]store\\.ts$',
          '^src/audit-trail/writer\\.ts$',
          '^src/cli/',
          '^src/(app|gatehouse|main|upkeep|worker)\\.ts$',
        ],
      },
      to: {
        path: ['^src/db/', 'node_modules/(drizzle-orm|pg)/'],
        pathNot: '^src/db/problems\\.ts$',
        // A transaction is handed through by whoever does not look into it.
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only-http-and-app-know-express',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/http/', '^src/app\\.ts$'] },
      to: { path: 'node_modules/(express|@types/express|helmet)/' },
    },
    {
      name: 'only-auth-knows-passport',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/auth/' },
      to: { path: 'node_modules/passport' },
    },
    {
      name: 'only-workos-builds-the-sdk',
      comment: 'Elsewhere it is a type, or used inside Upstream.call.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/workos/' },
      to: { path: 'node_modules/@workos-inc/node/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'contracts-are-data',
      severity: 'error',
      from: { path: '/contract\\.ts$' },
      to: {
        path: '^src/|node_modules',
        pathNot: [
          '/contract\\.ts$',
          '^src/http/(endpoint|pagination|text|time)\\.ts$',
          '^src/(problem|intents|wire-ids)\\.ts$',
          '^src/auth/user-id\\.ts$',
          'node_modules/zod/',
        ],
      },
    },
    {
      name: 'nobody-imports-the-composition-root',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/(main|gatehouse)\\.ts$', '^src/dev/'],
      },
      to: { path: '^src/(app|main|gatehouse|worker)\\.ts$' },
    },
    {
      name: 'fakes-stay-in-development',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(dev|fake-workos)/', '^src/main\\.ts$'] },
      to: { path: '^src/(dev|fake-workos)/' },
    },
    {
      name: 'the-fake-stands-alone',
      severity: 'error',
      from: { path: '^src/fake-workos/' },
      to: { path: '^src/', pathNot: '^src/fake-workos/' },
    },
    {
      name: 'not-to-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/dev/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
