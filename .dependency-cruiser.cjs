/** The dependency rule of CONTRIBUTING.md, as a check. @type {import('dependency-cruiser').IConfiguration} */
const SLICES =
  'tenants|it-admins|portal|sso|audit-trail|idempotency|events|setup|webhooks|pass-through|provider-icons|rate-limits|upstream-budget|timeline';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-cycles-of-folders',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'core-imports-nothing-above-it',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^src/', pathNot: '^src/core/' },
    },
    {
      name: 'slices-do-not-know-each-other',
      comment:
        'A slice may use tenants, the writing side of the audit trail and the stored event; anything else it needs is handed to it by wiring/slices.ts.',
      severity: 'error',
      from: { path: `^src/(${SLICES})/` },
      to: {
        path: `^src/(${SLICES})/`,
        pathNot: [
          '^src/$1/',
          '^src/tenants/model/(contract|status)\\.ts$',
          '^src/audit-trail/(writer|audited)\\.ts$',
          '^src/events/inbox/event\\.ts$',
        ],
      },
    },
    {
      name: 'slices-know-no-process',
      comment: 'What the CLI or a process runs is above the slices.',
      severity: 'error',
      from: { path: `^src/(${SLICES}|clients|http|auth|db|workos|pages|openapi|mcp|config)/` },
      to: { path: '^src/(process|console|maintenance|cli|dev)/' },
    },
    {
      name: 'http-knows-no-domain',
      severity: 'error',
      from: { path: '^src/http/' },
      to: { path: '^src/', pathNot: '^src/(http|core)/' },
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
          '^src/(db|dev|process|maintenance|cli|clients)/',
          '[/-]store\\.ts$',
          '^src/audit-trail/writer\\.ts$',
          '^src/((app|main)\\.ts$|wiring/)',
        ],
      },
      to: {
        path: ['^src/db/', 'node_modules/(drizzle-orm|pg)/'],
        pathNot: '^src/db/(problems|fence)\\.ts$',
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
      name: 'only-tracing-knows-opentelemetry',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/process/tracing/' },
      to: { path: 'node_modules/@opentelemetry/' },
    },
    {
      name: 'opentelemetry-is-loaded-late',
      comment: 'By an import() when traces are wanted, and never else.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/process/tracing/(otel|spans|attributes)\\.ts$' },
      to: {
        path: [
          'node_modules/@opentelemetry/',
          '^src/process/tracing/(otel|spans|attributes)\\.ts$',
        ],
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'contracts-are-data',
      severity: 'error',
      from: {
        path: [
          '^src/(?!dev/).*/([a-z-]*contract|[a-z-]*schemas|problem-lists)\\.ts$',
          '^src/pass-through/families/',
        ],
      },
      to: {
        path: '^src/|node_modules',
        pathNot: [
          '/([a-z-]*contract|[a-z-]*schemas|problem-lists)\\.ts$',
          '^src/http/(endpoint|pagination)\\.ts$',
          '^src/core/',
          '^src/pass-through/forwarding/(wire|forwarded-endpoint)\\.ts$',
          '^src/pass-through/families/',
          'node_modules/zod/',
        ],
      },
    },
    {
      name: 'nobody-imports-the-composition-root',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/main\\.ts$', '^src/process/gateway\\.ts$', '^src/dev/', '^src/app\\.ts$'],
      },
      to: { path: '^src/((app|main|process/(gateway|worker))\\.ts$|wiring/slices\\.ts$)' },
    },
    {
      name: 'fakes-stay-in-development',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/dev/', '^src/main\\.ts$'] },
      to: { path: '^src/dev/' },
    },
    {
      name: 'the-fake-stands-alone',
      severity: 'error',
      from: { path: '^src/dev/fake-workos/' },
      to: { path: '^src/', pathNot: '^src/dev/fake-workos/' },
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
