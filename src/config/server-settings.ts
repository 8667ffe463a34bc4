import { z } from 'zod';
import { absoluteUrl, count, flag, port, postgresUrl, secret } from './schemas.ts';
import type { Setting } from './setting.ts';

const origin = absoluteUrl.refine(
  (url) => URL.canParse(url) && new URL(url).href === `${new URL(url).origin}/`,
  'must be an origin without a path',
);

/** The addresses of the service, and its database. */
export const SERVER = {
  NODE_ENV: {
    description:
      '`development` and `test` allow http on loopback. Anything else is production, where the URLs of Gatehouse, WorkOS, token issuers and pages must be https.',
    schema: z.string(),
    default: 'production',
  },
  PORT: { description: 'The port of the API and the pages.', schema: port, default: '8080' },
  ADMIN_PORT: {
    description:
      'The port of `/livez`, `/readyz`, `/metrics` and the console, another than `PORT`; keep it inside the cluster.',
    schema: port,
    default: '8081',
  },
  HOST: {
    description: 'The address both ports listen on. `::` for IPv6, and IPv4 as well.',
    schema: z.string().regex(/^[A-Za-z0-9.:-]+$/, 'must be an address'),
    default: '0.0.0.0',
  },
  PUBLIC_URL: {
    description: 'The origin under which browsers reach Gatehouse, without a path.',
    schema: origin,
  },
  CONSOLE_URL: {
    description:
      'The origin under which operators’ browsers reach the console on the admin port, if that is neither localhost nor an IP address.',
    schema: origin,
    optional: true,
  },
  DATABASE_URL: {
    description: 'Postgres, as the runtime role, which needs no privileges of its own.',
    schema: secret(postgresUrl),
    secret: true,
  },
  DATABASE_MIGRATION_URL: {
    description:
      'Postgres, as the owner of the tables, for `gatehouse migrate`, `maintain` and `restored`, without a transaction pooler in between. Default: `DATABASE_URL`, suitable for development only.',
    schema: secret(postgresUrl),
    secret: true,
    optional: true,
  },
  DATABASE_DIRECT_URL: {
    description:
      'Postgres without a transaction pooler in between, for LISTEN and advisory locks. Default: `DATABASE_URL`.',
    schema: secret(postgresUrl),
    secret: true,
    optional: true,
  },
  DATABASE_POOL_MAX: {
    description:
      'The most connections to Postgres of a process for its work. It opens up to three more: one that probes Postgres, one that listens for notifications, and the leader’s.',
    schema: count(1, 500),
    default: '10',
  },
  DATABASE_PREPARED_STATEMENTS: {
    description:
      '`false` for a transaction pooler that cannot prepare statements (PgBouncer before 1.21, or without `max_prepared_statements`).',
    schema: flag,
    default: 'true',
  },
} as const satisfies Record<string, Setting>;
