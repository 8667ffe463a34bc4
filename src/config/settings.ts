import { z } from 'zod';
import { Secret } from '../core/secret.ts';
import {
  absoluteUrl,
  count,
  flag,
  isAddressRange,
  isOriginPattern,
  list,
  port,
  postgresUrl,
  proxyUrl,
  secret,
} from './schemas.ts';
import type { Setting } from './setting.ts';

/**
 * Every setting: its name, meaning, default and schema. `docs/settings.md` is generated from this
 * list, and `.env.example` is tested against it. `config.ts` reads the values.
 */
export const SETTINGS = {
  NODE_ENV: {
    description:
      '`development` and `test` allow http on loopback. Anything else is production, where every URL must be https.',
    schema: z.string(),
    default: 'production',
  },
  PORT: { description: 'The port of the API and the pages.', schema: port, default: '8080' },
  ADMIN_PORT: {
    description: 'The port of `/livez`, `/readyz` and `/metrics`; keep it inside the cluster.',
    schema: port,
    default: '8081',
  },
  HOST: {
    description: 'The address both ports listen on.',
    schema: z.string().regex(/^[A-Za-z0-9.:-]+$/, 'must be an address'),
    default: '0.0.0.0',
  },
  PUBLIC_URL: {
    description: 'The origin under which browsers reach Gatehouse, without a path.',
    schema: absoluteUrl.refine(
      (url) => URL.canParse(url) && new URL(url).href === `${new URL(url).origin}/`,
      'must be an origin without a path',
    ),
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
    description: 'Connections to Postgres per process.',
    schema: count(1, 500),
    default: '10',
  },
  DATABASE_PREPARED_STATEMENTS: {
    description:
      '`false` for a transaction pooler that cannot prepare statements (PgBouncer before 1.21, or without `max_prepared_statements`).',
    schema: flag,
    default: 'true',
  },
  WORKOS_API_KEY: {
    description: 'The WorkOS API key (`sk_…`). It never leaves the gateway.',
    schema: secret(
      z.string().regex(/^sk_\S{4,}$/, 'must be a WorkOS API key, which begins with sk_'),
    ),
    secret: true,
  },
  WORKOS_CLIENT_ID: {
    description: 'The WorkOS client id (`client_…`) of the environment.',
    schema: z
      .string()
      .regex(/^client_\S+$/, 'must be a WorkOS client id, which begins with client_'),
  },
  WORKOS_API_BASE_URL: {
    description: 'The base URL of WorkOS’s API. In production it must be a WorkOS host.',
    schema: absoluteUrl,
    default: 'https://api.workos.com',
  },
  WORKOS_WEBHOOK_SECRETS: {
    description:
      'The secrets of the webhook endpoint `PUBLIC_URL/webhooks/workos` at WorkOS, comma separated; a signature by any of them is accepted. Without one, webhooks are refused and events come by polling only.',
    schema: list
      .refine(
        (secrets) => secrets.length > 0 && secrets.every((one) => /^[\x21-\x7e]{8,}$/.test(one)),
        'must be secrets of at least 8 characters, comma separated',
      )
      .transform((secrets) => secrets.map((one) => new Secret(one))),
    secret: true,
    optional: true,
  },
  WORKOS_EXTERNAL_ID_PREFIX: {
    description:
      'The prefix of the `external_id` of every organization that Gatehouse creates, naming environment and instance, e.g. `gh:prod:`. Required in production. Stored in the database at first use; a different value stops the process.',
    schema: z.string().regex(/^[\x21-\x7e]{1,60}$/, 'must be 1 to 60 printable ASCII characters'),
    default: 'gh:dev: (outside production)',
    optional: true,
  },
  WORKOS_REQUESTS_PER_MINUTE: {
    description:
      'How many requests a minute all processes together may make to WorkOS, shared fairly among the clients. WorkOS allows 6,000 per API key; give less if others use the key too.',
    schema: count(10, 1_000_000),
    default: '6000',
  },
  PORTAL_LINK_HOSTS: {
    description: 'Hosts that WorkOS’s portal links may have; add your custom domain here.',
    schema: list.refine(
      (hosts) => hosts.length > 0 && hosts.every((host) => /^[a-z0-9.-]+(:\d+)?$/.test(host)),
      'must be host names in lower case, comma separated',
    ),
    default: 'setup.workos.com,id.workos.com',
  },
  GATEHOUSE_KEYS: {
    description:
      'Base64 keys of 32 bytes, comma separated: the first encrypts, all decrypt. Create one with `openssl rand -base64 32`. Required in production.',
    schema: list
      .refine(
        (keys) => keys.length > 0 && keys.every((key) => /^[A-Za-z0-9+/]{43}=$/.test(key)),
        'must be base64 of 32 bytes each, comma separated',
      )
      .transform((keys) => keys.map((key) => new Secret(key))),
    secret: true,
    optional: true,
  },
  USER_TOKEN_ISSUER: {
    description: 'The `iss` of acting users’ tokens.',
    schema: absoluteUrl,
    optional: true,
  },
  USER_TOKEN_AUDIENCE: {
    description: 'The `aud` of acting users’ tokens.',
    schema: z.string().min(1),
    optional: true,
  },
  USER_TOKEN_AUDIENCE_CLAIM: {
    description:
      'The claim that holds the audience. For issuers whose access tokens have no `aud`, such as Amazon Cognito: `client_id`.',
    schema: z.string().min(1),
    default: 'aud',
  },
  USER_TOKEN_SEVERAL_AUDIENCES: {
    description:
      '`true` accepts tokens for several audiences when one of them is `USER_TOKEN_AUDIENCE`, as Auth0 and Keycloak issue them. Needs `USER_TOKEN_AZP_CLAIM`: another audience could replay the token, but only for the client that it was issued to.',
    schema: flag,
    default: 'false',
  },
  USER_TOKEN_JWKS_URL: {
    description: 'The URL of that issuer’s key set (JWKS).',
    schema: absoluteUrl,
    optional: true,
  },
  USER_TOKEN_TENANT_CLAIM: {
    description: 'The claim that names the user’s tenant, or the path to it (`org.id`).',
    schema: z.string().min(1),
    default: 'tenant_id',
  },
  USER_TOKEN_ROLES_CLAIM: {
    description:
      'The claim that lists the user’s roles, or the path to it (`realm_access.roles`). A text may name several roles, separated by spaces.',
    schema: z.string().min(1),
    default: 'roles',
  },
  USER_TOKEN_COOKIE: {
    description: 'The cookie that carries that token to `/launch-portal`.',
    schema: z.string().regex(/^[A-Za-z0-9_.-]+$/),
    optional: true,
  },
  USER_TOKEN_AZP_CLAIM: {
    description: 'The claim, or the path to it, that must name the calling client, if set.',
    schema: z.string().min(1),
    optional: true,
  },
  IT_ADMIN_ROLES: {
    description: 'Roles that make a user an IT admin of their tenant, comma separated.',
    schema: list.refine((roles) => roles.length > 0, 'must name at least one role'),
    default: 'it_admin',
  },
  CLIENT_TOKEN_ISSUER: {
    description: 'The `iss` of workload tokens (Kubernetes, any OIDC issuer).',
    schema: absoluteUrl,
    optional: true,
  },
  CLIENT_TOKEN_AUDIENCE: {
    description: 'The `aud` of workload tokens.',
    schema: z.string().min(1),
    optional: true,
  },
  CLIENT_TOKEN_JWKS_URL: {
    description: 'The URL of that issuer’s key set (JWKS).',
    schema: absoluteUrl,
    optional: true,
  },
  DEFAULT_SIGN_IN_CLIENT: {
    description:
      'The client that restarts IdP-initiated logins, for tenants without `sign_in_client_id`.',
    schema: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be the id of a client'),
    optional: true,
  },
  WEBHOOK_ENDPOINT_ORIGINS: {
    description:
      'Origins to which events may be delivered, comma separated; `*` matches one label of the host, or any port: `https://*.internal.example,http://orders.svc:8080`. Default: none.',
    schema: list.refine(
      (origins) => origins.every(isOriginPattern),
      'must be origins (`*` for a label of the host, or for the port), comma separated',
    ),
    optional: true,
  },
  BRAND_NAME: {
    description: 'The company’s or product’s name on the pages.',
    schema: z.string().min(1).max(60),
    default: 'Gatehouse',
  },
  BRAND_LOGO_URL: {
    description: 'The URL of the logo on the pages.',
    schema: absoluteUrl,
    optional: true,
  },
  BRAND_COLOR: {
    description: 'The colour of buttons, as `#rrggbb`.',
    schema: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be #rrggbb'),
    default: '#3b4cca',
  },
  TRUST_PROXY: {
    description: 'Proxies whose `X-Forwarded-For` is trusted, as CIDRs.',
    schema: list.refine(
      (proxies) => proxies.every(isAddressRange),
      'must be addresses or CIDRs, comma separated',
    ),
    optional: true,
  },
  HTTPS_PROXY: {
    description:
      'The proxy for calls to https URLs: WorkOS, key sets of token issuers, webhook endpoints. The lower-case name works too, as for the next two.',
    schema: secret(proxyUrl),
    secret: true,
    optional: true,
  },
  HTTP_PROXY: {
    description: 'The proxy for http URLs, and for https URLs if `HTTPS_PROXY` is not set.',
    schema: secret(proxyUrl),
    secret: true,
    optional: true,
  },
  NO_PROXY: {
    description:
      'Hosts that are called without the proxy, comma separated: `localhost,.internal.example`. Loopback addresses never use it.',
    schema: list,
    optional: true,
  },
  RATE_LIMIT_CLIENT_PER_MINUTE: {
    description:
      'Requests that a client may make per minute, over all replicas; requests that a person waits for (logins, portal links) are counted apart. 0: no limit. The default is more than one process answers, so only a runaway program reaches it; lower it to a multiple of what your services need.',
    schema: count(0, 10_000_000),
    default: '300000',
  },
  RATE_LIMIT_TENANT_PER_MINUTE: {
    description:
      'Requests for one tenant per minute, by all clients together and over all replicas, without logins. 0: no limit.',
    schema: count(0, 10_000_000),
    default: '200000',
  },
  LOG_LEVEL: {
    description: '`debug`, `info`, `warn`, `error` or `silent`.',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    default: 'info',
  },
  RETENTION_DAYS: {
    description:
      'For how long events, deliveries, portal launches and the audit trail are kept: the worker and `gatehouse maintain` delete what is older. Give it to `gatehouse migrate` too.',
    schema: count(1, 3_650),
    default: '90',
  },
  SHUTDOWN_DELAY_MS: {
    description:
      'How long `/readyz` answers 503 before the port closes. Allow two probes of the load balancer.',
    schema: count(0, 25_000),
    default: '3000',
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
/** The parsed values of all settings. */
export type Values = {
  [Name in SettingName]: z.output<(typeof SETTINGS)[Name]['schema']> | Absent<Name>;
};
type Absent<Name extends SettingName> = (typeof SETTINGS)[Name] extends { optional: true }
  ? undefined
  : never;
