import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Secret } from '../core/secret.ts';
import { port, SETTINGS, type Setting, type SettingName, type Values } from './settings.ts';

/** Reads and validates the settings. The only reader of `process.env`. */

export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: URL;
}

export type Config = ReturnType<typeof shape>;

/** How long the return page waits for a change. Not a setting: only tests change it. */
const RETURN_WAIT = { ms: 2_000 };
/** How long after a first 404 an organization is looked up again: incidents and deployments at WorkOS last at least this long. */
const CONFIRM_MISSING = { ms: 30_000 };
/** How often a process checks that its WorkOS key sees the mapped organizations. */
const KEY_CHECK = { ms: 60_000 };

/** Invalid settings: lists all of them, and never a value. */
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
  if (given.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    rules.push('NODE_TLS_REJECT_UNAUTHORIZED: must not be 0; certificates are always checked');
  }
  if (rules.length > 0) throw new ConfigError(rules);
  return config;
}

/** Reads one setting, for commands that need only that. @throws ConfigError */
export function loadSetting<Name extends SettingName>(
  name: Name,
  env: NodeJS.ProcessEnv = process.env,
): Values[Name] {
  const problems: string[] = [];
  const value = read(name, SETTINGS[name], withoutEmpty(env), problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return value as Values[Name];
}

/** Makes these the settings of this process, over those it was started with. */
export function overrideSettings(settings: Readonly<Record<string, string>>): void {
  Object.assign(process.env, settings);
}

export const isDevelopment = (env: NodeJS.ProcessEnv = process.env): boolean =>
  ['development', 'test'].includes(env.NODE_ENV ?? '');

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
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    problems.push(`${name}_FILE: cannot be read (${code})`);
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
      webhookSecrets: values.WORKOS_WEBHOOK_SECRETS ?? [],
    },
    keys: values.GATEHOUSE_KEYS ?? [developmentKey(values.WORKOS_API_KEY)],
    defaultSignInClient: values.DEFAULT_SIGN_IN_CLIENT,
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
    webhookOrigins: values.WEBHOOK_ENDPOINT_ORIGINS ?? [],
    brand: { name: values.BRAND_NAME, logoUrl: values.BRAND_LOGO_URL, color: values.BRAND_COLOR },
    trustProxy: values.TRUST_PROXY ?? [],
    logLevel: values.LOG_LEVEL,
    shutdownDelayMs: values.SHUTDOWN_DELAY_MS,
    returnWaitMs: RETURN_WAIT.ms,
    confirmMissingMs: CONFIRM_MISSING.ms,
    keyCheckMs: KEY_CHECK.ms,
  });
}

const issuer = (iss?: string, audience?: string, jwksUrl?: string): TokenIssuer | undefined =>
  iss && audience && jwksUrl ? { issuer: iss, audience, jwksUrl: new URL(jwksUrl) } : undefined;

/** Outside production, a key derived from the API key, so that all replicas agree on it. */
const developmentKey = (apiKey: Secret): Secret =>
  new Secret(createHash('sha256').update(`development ${apiKey.reveal()}`).digest('base64'));

/** Rules that involve several settings: the message, and the condition that must hold. */
const RULES: readonly (readonly [string, (values: Values, config: Config) => boolean])[] = [
  [
    'USER_TOKEN_ISSUER, USER_TOKEN_AUDIENCE, USER_TOKEN_JWKS_URL: must be given together',
    (values) =>
      allOrNone(values.USER_TOKEN_ISSUER, values.USER_TOKEN_AUDIENCE, values.USER_TOKEN_JWKS_URL),
  ],
  [
    'CLIENT_TOKEN_ISSUER, CLIENT_TOKEN_AUDIENCE, CLIENT_TOKEN_JWKS_URL: must be given together',
    (values) =>
      allOrNone(
        values.CLIENT_TOKEN_ISSUER,
        values.CLIENT_TOKEN_AUDIENCE,
        values.CLIENT_TOKEN_JWKS_URL,
      ),
  ],
  [
    'CLIENT_TOKEN_AUDIENCE: must differ from USER_TOKEN_AUDIENCE when the issuer is the same, or a user could pass for a client',
    (_values, { userToken, clientToken }) =>
      userToken?.issuer !== clientToken?.issuer ||
      userToken?.audience !== clientToken?.audience ||
      !userToken,
  ],
  [
    'USER_TOKEN_COOKIE: needs USER_TOKEN_ISSUER',
    (values, { userToken }) => !values.USER_TOKEN_COOKIE || userToken !== undefined,
  ],
  [
    'GATEHOUSE_KEYS: is required in production (openssl rand -base64 32)',
    (values, { development }) => development || values.GATEHOUSE_KEYS !== undefined,
  ],
  [
    'WORKOS_EXTERNAL_ID_PREFIX: is required in production',
    (values, { development }) => development || values.WORKOS_EXTERNAL_ID_PREFIX !== undefined,
  ],
  [
    'WORKOS_API_BASE_URL: must be a WorkOS host in production (api.workos.com or api.workos-test.com)',
    (_values, { development, workos }) => development || WORKOS_HOSTS.includes(workos.baseUrl.host),
  ],
];

const allOrNone = (...values: readonly unknown[]): boolean =>
  new Set(values.map((value) => value === undefined)).size === 1;

const brokenRules = (values: Values, config: Config): string[] =>
  RULES.filter(([, holds]) => !holds(values, config)).map(([says]) => says);

const WORKOS_HOSTS = ['api.workos.com', 'api.workos-test.com'];

/** Settings that are URLs: https only in production; in development also http on loopback. */
const URLS = [
  'PUBLIC_URL',
  'WORKOS_API_BASE_URL',
  'USER_TOKEN_ISSUER',
  'USER_TOKEN_JWKS_URL',
  'CLIENT_TOKEN_ISSUER',
  'CLIENT_TOKEN_JWKS_URL',
  'BRAND_LOGO_URL',
] as const;

const insecureUrls = (values: Values, { development }: Config): string[] =>
  URLS.filter((name) => values[name] !== undefined && !isSecure(values[name], development)).map(
    (name) => `${name}: must be https`,
  );

function isSecure(url: string, development: boolean): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (development && protocol === 'http:' && isLoopback(hostname));
}

/** RFC 6761 §6.3 and RFC 1122 §3.2.1.3. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
