import { describe, expect, it } from '@jest/globals';
import { mistypedSettings } from '../../src/config/config.ts';
import { SETTINGS } from '../../src/config/settings.ts';

/** What platforms set on their own, or for other programs. */
const OF_THE_PLATFORM = [
  ...['PATH', 'HOME', 'USER', 'HOSTNAME', 'PWD', 'LANG', 'SHLVL', 'TERM', 'TZ', 'NODE_VERSION'],
  ...['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED', 'YARN_VERSION'],
  ...['GATEHOUSE_PORT', 'GATEHOUSE_SERVICE_HOST', 'GATEHOUSE_SERVICE_PORT'],
  ...['GATEHOUSE_PORT_8080_TCP', 'GATEHOUSE_PORT_8080_TCP_ADDR', 'GATEHOUSE_SERVICE_PORT_HTTP'],
  ...['GATEHOUSE_ADMIN_SERVICE_PORT', 'WORKOS_SERVICE_HOST', 'WORKOS_PORT_443_TCP_PROTO'],
  ...['POSTGRES_PORT', 'POSTGRES_PASSWORD', 'PGHOST', 'PGPASSWORD', 'KUBERNETES_SERVICE_HOST'],
  ...['https_proxy', 'no_proxy', 'ALL_PROXY', 'all_proxy', 'FTP_PROXY', 'SSL_CERT_FILE'],
  ...['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_SERVICE_NAME', 'POD_NAME', 'npm_config_cache'],
];
const among = (...names: string[]) =>
  mistypedSettings(Object.fromEntries(names.map((name) => [name, 'LEAKED'])));

describe('mistypedSettings', () => {
  it.each([
    ['IT_ADMIN_ROLE', 'IT_ADMIN_ROLES'],
    ['WORKOS_WEBHOOK_SECRET', 'WORKOS_WEBHOOK_SECRETS'],
    ['WORKOS_WEBHOOK_SECRET_FILE', 'WORKOS_WEBHOOK_SECRETS_FILE'],
    ['WORKOS_APIKEY', 'WORKOS_API_KEY'],
    ['workos_api_key', 'WORKOS_API_KEY'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['GATEHOUSE_PUBLIC_URL', 'PUBLIC_URL'],
    ['GATEHOUSE_KEY', 'GATEHOUSE_KEYS'],
    ['TRUSTED_PROXY', 'TRUST_PROXY'],
    ['RETENTION_DAY', 'RETENTION_DAYS'],
    ['HTTPS_PROXYS', 'HTTPS_PROXY'],
    ['TRUSTED_PROXIES', 'TRUST_PROXY'],
    ['SMTP_HOST', 'SMTP_URL'],
    ['SMTP_PASSWORD_FILE', 'SMTP_URL_FILE'],
    ['POSTGRES_URL', 'DATABASE_URL'],
  ])('finds that %s was meant to be %s', (name, meant) => {
    expect(among(name)).toEqual([
      `${name} is not a setting and has no effect; did you mean ${meant}?`,
    ]);
  });

  it('names a file of a setting that is not a secret, and an unknown name with our beginning', () => {
    expect(among('PUBLIC_URL_FILE', 'WORKOS_COOKIE_PASSWORD')).toEqual([
      expect.stringContaining('only secrets are read from files; set PUBLIC_URL'),
      'WORKOS_COOKIE_PASSWORD is not a setting and has no effect; see docs/settings.md',
    ]);
  });

  it('is silent about settings, names of the platform, and variables without a value', () => {
    expect(among(...Object.keys(SETTINGS), 'WORKOS_API_KEY_FILE', ...OF_THE_PLATFORM)).toEqual([]);
    expect(mistypedSettings({ IT_ADMIN_ROLE: '' })).toEqual([]);
  });
});
