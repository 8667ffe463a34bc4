import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Secret } from './secret.ts';

/**
 * Every setting, once: its name, what it means, its default, and how it is read. The README's
 * table and `.env.example` are tested against this list. The only reader of `process.env`.
 */
export interface Setting {
  readonly description: string;
  readonly schema: z.ZodType;
  /** May also be given as `NAME_FILE`, the path of a file that holds it. */
  readonly secret?: true;
  /** As written in the README. Absent: required, unless `optional`. */
  readonly default?: string;
  readonly optional?: true;
}

const secret = (schema: z.ZodType<string>) => schema.transform((value) => new Secret(value));
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const port = z.coerce.number().int().min(0).max(65_535);
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://');
const absoluteUrl = z.url({ error: 'must be an absolute URL' });
const count = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

export const SETTINGS = {
  NODE_ENV: {
    description:
      '`development` or `test` allow http on loopback; anything else is production, where nothing but https is, anywhere.',
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
    schema: z.string().min(1),
    default: '0.0.0.0',
  },
  PUBLIC_URL: {
    description: 'The origin under which browsers reach Gatehouse, without a path.',
    schema: absoluteUrl.refine(
      (url) => new URL(url).pathname === '/' && !url.includes('?'),
      'must be an origin without a path',
    ),
  },
  DATABASE_URL: {
    description: 'Postgres, as the runtime role: it needs no right to define anything.',
    schema: secret(postgresUrl),
    secret: true,
  },
  DATABASE_MIGRATION_URL: {
    description:
      'Postgres, as the owner of the tables, for `gatehouse migrate`. Default: `DATABASE_URL`, right for development only.',
    schema: secret(postgresUrl),
    secret: true,
    optional: true,
  },
  DATABASE_DIRECT_URL: {
    description:
      'Postgres without a transaction pooler in between, for LISTEN. Default: `DATABASE_URL`.',
    schema: secret(postgresUrl),
    secret: true,
    optional: true,
  },
  DATABASE_POOL_MAX: {
    description: 'Connections to Postgres per process.',
    schema: count(1, 500),
    default: '10',
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
    description: 'Where WorkOS is. Anything but a WorkOS host is refused in production.',
    schema: absoluteUrl,
    default: 'https://api.workos.com',
  },
  WORKOS_EXTERNAL_ID_PREFIX: {
    description:
      'Begins the `external_id` of every organization we make: environment and instance, e.g. `gh:prod:`. Required in production, kept in the database at first use.',
    schema: z.string().regex(/^[\x21-\x7e]{1,60}$/, 'must be 1 to 60 printable ASCII characters'),
    default: 'gh:dev: (outside production)',
    optional: true,
  },
  PORTAL_LINK_HOSTS: {
    description: 'Hosts that a portal link of WorkOS may have; add your custom domain here.',
    schema: list,
    default: 'setup.workos.com,id.workos.com',
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
  USER_TOKEN_JWKS_URL: {
    description: 'Where that issuer publishes its keys.',
    schema: absoluteUrl,
    optional: true,
  },
  USER_TOKEN_TENANT_CLAIM: {
    description: 'The claim that names the user’s tenant.',
    schema: z.string().min(1),
    default: 'tenant_id',
  },
  USER_TOKEN_ROLES_CLAIM: {
    description: 'The claim that lists the user’s roles.',
    schema: z.string().min(1),
    default: 'roles',
  },
  USER_TOKEN_COOKIE: {
    description: 'The cookie in which a browser carries that token to `/launch-portal`.',
    schema: z.string().regex(/^[A-Za-z0-9_.-]+$/),
    optional: true,
  },
  USER_TOKEN_AZP_CLAIM: {
    description: 'The claim that must name the calling client, if set.',
    schema: z.string().min(1),
    optional: true,
  },
  IT_ADMIN_ROLES: {
    description: 'Roles that make a user an IT admin of his tenant.',
    schema: list,
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
    description: 'Where that issuer publishes its keys.',
    schema: absoluteUrl,
    optional: true,
  },
  BRAND_NAME: {
    description: 'Your company’s name on the pages.',
    schema: z.string().min(1).max(60),
    default: 'Gatehouse',
  },
  BRAND_LOGO_URL: { description: 'A logo for the pages.', schema: absoluteUrl, optional: true },
  BRAND_COLOR: {
    description: 'The colour of buttons, as `#rrggbb`.',
    schema: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be #rrggbb'),
    default: '#3b4cca',
  },
  TRUST_PROXY: {
    description: 'Proxies whose `X-Forwarded-For` is believed, as CIDRs.',
    schema: list,
    optional: true,
  },
  LOG_LEVEL: {
    description: '`debug`, `info`, `warn`, `error` or `silent`.',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    default: 'info',
  },
  SHUTDOWN_DELAY_MS: {
    description:
      'How long `/readyz` says 503 before the port closes: two probes of the load balancer.',
    schema: count(0, 25_000),
    default: '3000',
  },
} as const satisfies Record<string, Setting>;

type SettingName = keyof typeof SETTINGS;
type Values = { [Name in SettingName]: z.output<(typeof SETTINGS)[Name]['schema']> | Absent<Name> };
type Absent<Name extends SettingName> = (typeof SETTINGS)[Name] extends { optional: true }
  ? undefined
  : never;

export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: URL;
}

export type Config = ReturnType<typeof shape>;

/** What is wrong with the settings: names them all at once, and never shows a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Reads all settings. @throws ConfigError */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = withoutEmpty(env);
  const problems: string[] = [];
  const values = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, setting]) => [name, read(name, setting, given, problems)]),
  ) as Values;
  if (problems.length > 0) throw new ConfigError(problems);
  const config = shape(values);
  const rules = [...brokenRules(values, config), ...insecureUrls(values, config)];
  if (given['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    rules.push('NODE_TLS_REJECT_UNAUTHORIZED: must not be 0; certificates are always checked');
  }
  if (rules.length > 0) throw new ConfigError(rules);
  return config;
}

/** Of one setting only, for commands that need no more. @throws ConfigError */
export function loadSetting<Name extends SettingName>(
  name: Name,
  env: NodeJS.ProcessEnv = process.env,
): Values[Name] {
  const problems: string[] = [];
  const value = read(name, SETTINGS[name], withoutEmpty(env), problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return value as Values[Name];
}

export const isDevelopment = (env: NodeJS.ProcessEnv = process.env): boolean =>
  ['development', 'test'].includes(env['NODE_ENV'] ?? '');

/** Ports of `gatehouse dev`, which needs no other setting. */
export function developmentPorts(env: NodeJS.ProcessEnv = process.env) {
  const given = withoutEmpty(env);
  const portOf = (name: string, standard: number): number => {
    const result = port.safeParse(given[name] ?? standard);
    if (!result.success) throw new ConfigError([`${name}: must be a port`]);
    return result.data;
  };
  return {
    gatehouse: portOf('PORT', 8080),
    admin: portOf('ADMIN_PORT', 8081),
    product: portOf('PRODUCT_PORT', 3000),
    workos: portOf('WORKOS_PORT', 8090),
  };
}

/** `NAME=` in an env file means that it is not set. */
const withoutEmpty = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );

function read(
  name: string,
  setting: Setting,
  env: Record<string, string>,
  problems: string[],
): unknown {
  const text = textOf(name, setting, env, problems);
  if (text === undefined) {
    if (!setting.optional) problems.push(`${name}: is required (${setting.description})`);
    return undefined;
  }
  const result = setting.schema.safeParse(text);
  if (!result.success)
    problems.push(`${name}: ${result.error.issues[0]?.message ?? 'is not valid'}`);
  return result.data;
}

function textOf(
  name: string,
  setting: Setting,
  env: Record<string, string>,
  problems: string[],
): string | undefined {
  const file = setting.secret && env[`${name}_FILE`];
  if (!file) return env[name] ?? (setting.optional ? undefined : setting.default);
  if (env[name]) problems.push(`${name}: is given twice, also as ${name}_FILE`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    problems.push(`${name}_FILE: cannot be read`);
    return '';
  }
}

function shape(values: Values) {
  const development = ['development', 'test'].includes(values.NODE_ENV);
  return Object.freeze({
    development,
    port: values.PORT,
    adminPort: values.ADMIN_PORT,
    host: values.HOST,
    publicUrl: new URL(values.PUBLIC_URL).origin,
    database: {
      url: values.DATABASE_URL,
      migrationUrl: values.DATABASE_MIGRATION_URL ?? values.DATABASE_URL,
      directUrl: values.DATABASE_DIRECT_URL ?? values.DATABASE_URL,
      max: values.DATABASE_POOL_MAX,
    },
    workos: {
      apiKey: values.WORKOS_API_KEY,
      clientId: values.WORKOS_CLIENT_ID,
      baseUrl: new URL(values.WORKOS_API_BASE_URL),
      externalIdPrefix: values.WORKOS_EXTERNAL_ID_PREFIX ?? 'gh:dev:',
      portalLinkHosts: values.PORTAL_LINK_HOSTS,
    },
    userToken: issuer(
      values.USER_TOKEN_ISSUER,
      values.USER_TOKEN_AUDIENCE,
      values.USER_TOKEN_JWKS_URL,
    ),
    userTokenClaims: {
      tenant: values.USER_TOKEN_TENANT_CLAIM,
      roles: values.USER_TOKEN_ROLES_CLAIM,
      azp: values.USER_TOKEN_AZP_CLAIM,
    },
    userTokenCookie: values.USER_TOKEN_COOKIE,
    itAdminRoles: values.IT_ADMIN_ROLES,
    clientToken: issuer(
      values.CLIENT_TOKEN_ISSUER,
      values.CLIENT_TOKEN_AUDIENCE,
      values.CLIENT_TOKEN_JWKS_URL,
    ),
    brand: { name: values.BRAND_NAME, logoUrl: values.BRAND_LOGO_URL, color: values.BRAND_COLOR },
    trustProxy: values.TRUST_PROXY ?? [],
    logLevel: values.LOG_LEVEL,
    shutdownDelayMs: values.SHUTDOWN_DELAY_MS,
  });
}

const issuer = (iss?: string, audience?: string, jwksUrl?: string): TokenIssuer | undefined =>
  iss && audience && jwksUrl ? { issuer: iss, audience, jwksUrl: new URL(jwksUrl) } : undefined;

/** What no single setting can say of itself. */
function brokenRules(values: Values, config: Config): string[] {
  const broken: string[] = [];
  for (const kind of ['USER', 'CLIENT'] as const) {
    const names = [
      `${kind}_TOKEN_ISSUER`,
      `${kind}_TOKEN_AUDIENCE`,
      `${kind}_TOKEN_JWKS_URL`,
    ] as const;
    const missing = names.filter((name) => values[name] === undefined);
    if (missing.length > 0 && missing.length < names.length) {
      broken.push(
        `${missing.join(', ')}: must be given together with the other ${kind}_TOKEN settings`,
      );
    }
  }
  if (values.USER_TOKEN_COOKIE && !config.userToken)
    broken.push('USER_TOKEN_COOKIE: needs USER_TOKEN_ISSUER');
  const { userToken, clientToken } = config;
  if (
    userToken &&
    clientToken &&
    userToken.issuer === clientToken.issuer &&
    userToken.audience === clientToken.audience
  ) {
    broken.push(
      'CLIENT_TOKEN_AUDIENCE: must differ from USER_TOKEN_AUDIENCE when the issuer is the same, or a user could pass for a client',
    );
  }
  if (!config.development && !values.WORKOS_EXTERNAL_ID_PREFIX) {
    broken.push('WORKOS_EXTERNAL_ID_PREFIX: is required in production');
  }
  return broken;
}

const WORKOS_HOSTS = ['api.workos.com', 'api.workos-test.com'];

/** In production nothing but https, anywhere; in development http on loopback too. */
function insecureUrls(values: Values, config: Config): string[] {
  const broken = (
    [
      'PUBLIC_URL',
      'WORKOS_API_BASE_URL',
      'USER_TOKEN_ISSUER',
      'USER_TOKEN_JWKS_URL',
      'CLIENT_TOKEN_ISSUER',
      'CLIENT_TOKEN_JWKS_URL',
      'BRAND_LOGO_URL',
    ] as const
  )
    .filter((name) => values[name] !== undefined && !isSecure(values[name], config.development))
    .map((name) => `${name}: must be https`);
  if (!config.development && !WORKOS_HOSTS.includes(config.workos.baseUrl.host)) {
    broken.push(
      `WORKOS_API_BASE_URL: must be a WorkOS host in production (${WORKOS_HOSTS.join(' or ')})`,
    );
  }
  return broken;
}

function isSecure(url: string, development: boolean): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (development && protocol === 'http:' && isLoopback(hostname));
}

/** RFC 6761 §6.3 and RFC 1122 §3.2.1.3. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
