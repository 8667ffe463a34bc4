import { createHash } from 'node:crypto';
import type { Proxies } from '../core/proxies.ts';
import { Secret } from '../core/secret.ts';
import { isDevelopmentName } from './rules.ts';
import type { Values } from './settings.ts';
import type { SamplerName } from './tracing-settings.ts';

/** Turns the flat settings into the nested configuration of the processes. */

export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** The claim that holds the audience: `aud` or, for tokens without it, another. */
  readonly audienceClaim: string;
  /** True to accept tokens that are for other audiences too. */
  readonly severalAudiences: boolean;
  readonly jwksUrl: URL;
}

/** Undefined without `OTEL_EXPORTER_OTLP_ENDPOINT`: then nothing is traced. */
export interface TracingConfig {
  readonly endpoint: string;
  readonly headers: Secret | undefined;
  readonly serviceName: string;
  readonly resourceAttributes: string | undefined;
  readonly sampler: SamplerName;
  readonly ratio: number;
}

export type Config = ReturnType<typeof configFrom>;

/** How long a request waits for a database session. Not a setting, like all that follow: only tests change them. */
const DATABASE_WAIT = { ms: 1_000 };
/** How long a call to WorkOS waits for its turn in the budget, and then for a place. */
const WORKOS_WAIT = { ms: 1_000 };
/** How long the return page waits for a change. */
const RETURN_WAIT = { ms: 2_000 };
/** How long after a first 404 an organization is looked up again: incidents and deployments at WorkOS last at least this long. */
const CONFIRM_MISSING = { ms: 30_000 };
/** How often a process checks that its WorkOS key sees the mapped organizations. */
const KEY_CHECK = { ms: 60_000 };
/** The pause between two rounds over unfinished tenants, over uncertain changes and over missing organizations. */
const TENANT_ROUND = { ms: 10_000 };

export function configFrom(values: Values) {
  const development = isDevelopmentName(values.NODE_ENV);
  const proxies: Proxies = {
    https: values.HTTPS_PROXY,
    http: values.HTTP_PROXY,
    except: values.NO_PROXY ?? [],
  };
  return Object.freeze({
    development,
    port: values.PORT,
    adminPort: values.ADMIN_PORT,
    host: values.HOST,
    publicUrl: new URL(values.PUBLIC_URL).origin,
    consoleUrl: values.CONSOLE_URL && new URL(values.CONSOLE_URL).origin,
    database: databaseFrom(values),
    workos: { ...workosFrom(values), proxies },
    keys: values.GATEHOUSE_KEYS ?? [developmentKey(values.WORKOS_API_KEY)],
    defaultSignInClient: values.DEFAULT_SIGN_IN_CLIENT,
    ...tokensFrom(values),
    retentionDays: values.RETENTION_DAYS,
    webhookOrigins: values.WEBHOOK_ENDPOINT_ORIGINS ?? [],
    brand: brandFrom(values),
    mail:
      values.SMTP_URL && values.MAIL_FROM
        ? { url: values.SMTP_URL, from: values.MAIL_FROM }
        : undefined,
    proxies,
    trustProxy: values.TRUST_PROXY ?? [],
    rateLimits: {
      client: values.RATE_LIMIT_CLIENT_PER_MINUTE,
      tenant: values.RATE_LIMIT_TENANT_PER_MINUTE,
    },
    logLevel: values.LOG_LEVEL,
    tracing: tracingFrom(values),
    shutdownDelayMs: values.SHUTDOWN_DELAY_MS,
    returnWaitMs: RETURN_WAIT.ms,
    confirmMissingMs: CONFIRM_MISSING.ms,
    keyCheckMs: KEY_CHECK.ms,
    tenantRoundMs: TENANT_ROUND.ms,
  });
}

const databaseFrom = (values: Values) => ({
  url: values.DATABASE_URL,
  migrationUrl: values.DATABASE_MIGRATION_URL ?? values.DATABASE_URL,
  directUrl: values.DATABASE_DIRECT_URL ?? values.DATABASE_URL,
  max: values.DATABASE_POOL_MAX,
  prepares: values.DATABASE_PREPARED_STATEMENTS,
  waitMs: DATABASE_WAIT.ms,
});

const workosFrom = (values: Values) => ({
  apiKey: values.WORKOS_API_KEY,
  clientId: values.WORKOS_CLIENT_ID,
  baseUrl: new URL(values.WORKOS_API_BASE_URL),
  requestsPerMinute: values.WORKOS_REQUESTS_PER_MINUTE,
  waitMs: WORKOS_WAIT.ms,
  externalIdPrefix: values.WORKOS_EXTERNAL_ID_PREFIX ?? 'gh:dev:',
  portalLinkHosts: values.PORTAL_LINK_HOSTS,
  webhookSecrets: values.WORKOS_WEBHOOK_SECRETS ?? [],
});

const brandFrom = (values: Values) => ({
  name: values.BRAND_NAME,
  logoUrl: values.BRAND_LOGO_URL,
  color: values.BRAND_COLOR,
  productUrl: values.PRODUCT_URL,
  supportUrl: values.SUPPORT_URL,
});

/** Settings of the issuers whose tokens authenticate clients and their users, and of their claims. */
const tokensFrom = (values: Values) => ({
  userToken: issuer(
    values.USER_TOKEN_ISSUER,
    values.USER_TOKEN_AUDIENCE,
    values.USER_TOKEN_JWKS_URL,
    {
      audienceClaim: values.USER_TOKEN_AUDIENCE_CLAIM,
      severalAudiences: values.USER_TOKEN_SEVERAL_AUDIENCES,
    },
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
});

const issuer = (
  iss?: string,
  audience?: string,
  jwksUrl?: string,
  audiences = { audienceClaim: 'aud', severalAudiences: false },
): TokenIssuer | undefined =>
  iss && audience && jwksUrl
    ? { issuer: iss, audience, jwksUrl: new URL(jwksUrl), ...audiences }
    : undefined;

const tracingFrom = (values: Values): TracingConfig | undefined =>
  values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
    ? undefined
    : {
        endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
        headers: values.OTEL_EXPORTER_OTLP_HEADERS,
        serviceName: values.OTEL_SERVICE_NAME,
        resourceAttributes: values.OTEL_RESOURCE_ATTRIBUTES,
        sampler: values.OTEL_TRACES_SAMPLER,
        ratio: values.OTEL_TRACES_SAMPLER_ARG,
      };

/** Outside production, a key derived from the API key, so that all replicas agree on it. */
export const developmentKey = (apiKey: Secret): Secret =>
  new Secret(createHash('sha256').update(`development ${apiKey.reveal()}`).digest('base64'));
