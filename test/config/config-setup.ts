import { loadConfig, type ConfigError } from '../../src/config/config.ts';
import type { Setting } from '../../src/config/setting.ts';
import { SETTINGS } from '../../src/config/settings.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const POSTGRES = 'postgres://gatehouse:LEAKED@db.example:5432/gatehouse';

/** The least that production needs. */
export const PRODUCTION = {
  PUBLIC_URL: 'https://gatehouse.example.com',
  DATABASE_URL: POSTGRES,
  WORKOS_API_KEY: 'sk_live_LEAKED',
  WORKOS_CLIENT_ID: 'client_1',
  WORKOS_EXTERNAL_ID_PREFIX: 'gh:prod:',
  GATEHOUSE_KEYS: KEY,
};
export const USERS = {
  USER_TOKEN_ISSUER: 'https://id.example.com',
  USER_TOKEN_AUDIENCE: 'gatehouse',
  USER_TOKEN_JWKS_URL: 'https://id.example.com/jwks',
};
export const WORKLOADS = {
  CLIENT_TOKEN_ISSUER: 'https://kubernetes.example.com',
  CLIENT_TOKEN_AUDIENCE: 'gatehouse',
  CLIENT_TOKEN_JWKS_URL: 'https://kubernetes.example.com/jwks',
};
export const FULL = { ...PRODUCTION, ...USERS, ...WORKLOADS, MAIL_FROM: 'no-reply@acme.com' };

/** Of each setting a value that is good, and some that are not. */
export const SAMPLES: Readonly<Record<string, readonly [good: string, ...malformed: string[]]>> = {
  NODE_ENV: ['production'],
  PORT: ['9000', 'LEAKED', '65536', '-1', '80.5'],
  ADMIN_PORT: ['9001', 'LEAKED', '65536'],
  HOST: ['::1', 'LEAKED host', 'http://LEAKED'],
  PUBLIC_URL: [
    'https://gh.example',
    'LEAKED',
    'https://gh.example/LEAKED',
    'https://gh.example/?LEAKED',
    'http://LEAKED.example',
  ],
  CONSOLE_URL: [
    'https://console.example',
    'LEAKED',
    'https://gh.example/LEAKED',
    'http://LEAKED.example',
  ],
  DATABASE_URL: [
    'postgresql://u:p@db/x',
    'LEAKED',
    'mysql://LEAKED@db/x',
    'postgres://u:LEAKED@[db/x',
  ],
  DATABASE_MIGRATION_URL: [POSTGRES, 'LEAKED'],
  DATABASE_DIRECT_URL: [POSTGRES, 'LEAKED'],
  DATABASE_POOL_MAX: ['20', '0', 'LEAKED', '501'],
  DATABASE_PREPARED_STATEMENTS: ['false', 'LEAKED', 'no'],
  WORKOS_API_KEY: ['sk_test_1234', 'LEAKED', 'sk_', 'sk_live LEAKED'],
  WORKOS_CLIENT_ID: ['client_2', 'LEAKED', 'client_'],
  WORKOS_API_BASE_URL: [
    'https://api.workos-test.com',
    'LEAKED',
    'https://LEAKED.example',
    'http://api.workos.com',
  ],
  WORKOS_WEBHOOK_SECRETS: ['whsec_1234, whsec_5678', 'LEAKED', 'LEAKED with spaces', ','],
  WORKOS_EXTERNAL_ID_PREFIX: ['gh:eu:', 'LEAKED prefix', 'LEAKED', 'ä:', `${'x'.repeat(60)}:`],
  WORKOS_REQUESTS_PER_MINUTE: ['3000', '9', 'LEAKED', '1000001'],
  PORTAL_LINK_HOSTS: [
    'setup.workos.com,portal.example.com',
    'https://LEAKED.example',
    'LEAKED/x',
    ',',
  ],
  GATEHOUSE_KEYS: [
    `${KEY},${Buffer.alloc(32, 8).toString('base64')}`,
    `${KEY},${KEY}`,
    'LEAKED',
    `${KEY},LEAKED`,
    Buffer.alloc(16).toString('base64'),
    ',',
  ],
  USER_TOKEN_ISSUER: ['https://other.example.com', 'LEAKED', 'http://LEAKED.example'],
  USER_TOKEN_AUDIENCE: ['other'],
  USER_TOKEN_AUDIENCE_CLAIM: ['client_id'],
  USER_TOKEN_SEVERAL_AUDIENCES: ['false', 'LEAKED', '1'],
  USER_TOKEN_JWKS_URL: [
    'https://other.example.com/jwks',
    'LEAKED',
    'http://LEAKED.example',
    'file:///LEAKED',
  ],
  USER_TOKEN_TENANT_CLAIM: ['tenant'],
  USER_TOKEN_ROLES_CLAIM: ['groups'],
  USER_TOKEN_COOKIE: ['__Host-session', 'LEAKED=', 'LEAKED cookie'],
  USER_TOKEN_AZP_CLAIM: ['azp'],
  IT_ADMIN_ROLES: ['it_admin, owner', ','],
  CLIENT_TOKEN_ISSUER: ['https://other.example.com', 'LEAKED', 'http://LEAKED.example'],
  CLIENT_TOKEN_AUDIENCE: ['other'],
  CLIENT_TOKEN_JWKS_URL: ['https://other.example.com/jwks', 'LEAKED', 'http://LEAKED.example'],
  DEFAULT_SIGN_IN_CLIENT: ['billing', 'LEAKED client'],
  WEBHOOK_ENDPOINT_ORIGINS: [
    'https://*.internal.example, http://orders.svc:8080, http://127.0.0.1:*, https://[::1]:8443',
    'LEAKED',
    'https://LEAKED.example/',
    'https://*LEAKED.example',
    'https://user@LEAKED.example',
    'ftp://LEAKED.example',
    'https://LEAKED.example:*0',
    'https://LEAKED..example',
  ],
  BRAND_NAME: ['Acme', 'x'.repeat(61)],
  BRAND_LOGO_URL: [
    'https://cdn.example.com/logo.svg',
    'LEAKED',
    'http://LEAKED.example',
    'javascript:LEAKED',
  ],
  BRAND_COLOR: ['#00ff00', 'LEAKED', '#fff', '#00ff00;LEAKED'],
  PRODUCT_URL: ['https://app.example.com/', 'LEAKED', 'http://LEAKED.example', 'javascript:LEAKED'],
  SUPPORT_URL: [
    'mailto:help@example.com',
    'LEAKED',
    'help@LEAKED.example',
    'mailto:LEAKED',
    'http://LEAKED.example',
    'javascript:LEAKED',
  ],
  TRUST_PROXY: [
    '10.0.0.0/8, fd00::/8, 192.0.2.1',
    'LEAKED',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '10.0.0/8',
  ],
  HTTPS_PROXY: [
    'http://u:LEAKED@proxy.example:3128',
    'LEAKED',
    'socks5://LEAKED',
    'http://LEAKED/x',
  ],
  HTTP_PROXY: ['https://proxy.example/', 'LEAKED:3128', 'http://u:LEAKED@[proxy'],
  NO_PROXY: ['localhost,.internal.example'],
  RATE_LIMIT_CLIENT_PER_MINUTE: ['0', 'LEAKED', '-1', '1.5'],
  RATE_LIMIT_TENANT_PER_MINUTE: ['600', 'LEAKED', '10000001'],
  LOG_LEVEL: ['debug', 'LEAKED', 'trace'],
  RETENTION_DAYS: ['30', 'LEAKED', '3651'],
  SHUTDOWN_DELAY_MS: ['0', 'LEAKED', '25001'],
  SMTP_URL: [
    'smtp://user:p%40ss@mail.example:587',
    'LEAKED',
    'http://LEAKED.example',
    'smtp://LEAKED.example/path',
    'smtps://LEAKED.example?tls=none',
    'smtp://user:LEAKED@mail.example?tls=none',
    'smtp://user:LEAKED%zz@mail.example',
  ],
  MAIL_FROM: [
    'Acme <no-reply@acme.com>',
    'LEAKED',
    'a@acme.com, b@LEAKED.com',
    'LEAKED <a@b@c.com>',
  ],
  OTEL_EXPORTER_OTLP_ENDPOINT: [
    'http://collector.tracing.svc:4318',
    'LEAKED',
    'grpc://LEAKED:4317',
    'http://collector:4318/?key=LEAKED',
  ],
  OTEL_EXPORTER_OTLP_HEADERS: [
    'authorization=Basic%20dXNlcg==,x-tenant=1',
    'LEAKED',
    '=LEAKED',
    'key=LEAKED%zz',
  ],
  OTEL_SERVICE_NAME: ['identity-gateway', 'LEAKED'.repeat(50)],
  OTEL_RESOURCE_ATTRIBUTES: ['deployment.environment.name=prod', 'LEAKED', 'a=LEAKED%'],
  OTEL_TRACES_SAMPLER: ['parentbased_traceidratio', 'LEAKED', 'jaeger_remote'],
  OTEL_TRACES_SAMPLER_ARG: ['0.05', 'LEAKED', '2', '-1'],
};

export const problemsOf = (env: Readonly<Record<string, string>>): readonly string[] => {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};
export const settings = Object.entries<Setting>(SETTINGS);
export const without = (name: string) =>
  Object.fromEntries(Object.entries(FULL).filter(([key]) => key !== name));
