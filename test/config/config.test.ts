import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadConfig, type ConfigError } from '../../src/config/config.ts';
import type { Setting } from '../../src/config/setting.ts';
import { SETTINGS } from '../../src/config/settings.ts';
import { expectCommitted } from '../support/committed-docs.ts';
import { runGatehouse } from '../support/gatehouse-process.ts';

const directory = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const KEY = Buffer.alloc(32, 7).toString('base64');
const POSTGRES = 'postgres://gatehouse:LEAKED@db.example:5432/gatehouse';

/** The least that production needs. */
const PRODUCTION = {
  PUBLIC_URL: 'https://gatehouse.example.com',
  DATABASE_URL: POSTGRES,
  WORKOS_API_KEY: 'sk_live_LEAKED',
  WORKOS_CLIENT_ID: 'client_1',
  WORKOS_EXTERNAL_ID_PREFIX: 'gh:prod:',
  GATEHOUSE_KEYS: KEY,
};
const USERS = {
  USER_TOKEN_ISSUER: 'https://id.example.com',
  USER_TOKEN_AUDIENCE: 'gatehouse',
  USER_TOKEN_JWKS_URL: 'https://id.example.com/jwks',
};
const WORKLOADS = {
  CLIENT_TOKEN_ISSUER: 'https://kubernetes.example.com',
  CLIENT_TOKEN_AUDIENCE: 'gatehouse',
  CLIENT_TOKEN_JWKS_URL: 'https://kubernetes.example.com/jwks',
};
const FULL = { ...PRODUCTION, ...USERS, ...WORKLOADS, MAIL_FROM: 'no-reply@acme.com' };

/** Of each setting a value that is good, and some that are not. */
const SAMPLES: Readonly<Record<string, readonly [good: string, ...malformed: string[]]>> = {
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

const problemsOf = (env: Readonly<Record<string, string>>): readonly string[] => {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};
const settings = Object.entries<Setting>(SETTINGS);
const without = (name: string) =>
  Object.fromEntries(Object.entries(FULL).filter(([key]) => key !== name));

describe('loadConfig', () => {
  it('has a sample of every setting here', () => {
    expect(Object.keys(SAMPLES)).toEqual(settings.map(([name]) => name));
  });

  it('requires only these settings in production', () => {
    expect(problemsOf(PRODUCTION)).toEqual([]);
  });

  it.each(Object.entries(SAMPLES).map(([name, [good]]) => [name, good]))(
    'accepts %s=%s',
    (name, good) => {
      expect(problemsOf({ ...FULL, [name]: good })).toEqual([]);
    },
  );

  it.each(
    Object.entries(SAMPLES).flatMap(([name, [, ...bad]]) => bad.map((value) => [name, value])),
  )('names %s and not its value %s', (name, value) => {
    const problems = problemsOf({ ...FULL, [name]: value });

    expect(problems).toContainEqual(expect.stringMatching(new RegExp(`^${name}: `)));
    expect(problems.join('\n')).not.toContain('LEAKED');
    expect(problems).toHaveLength(1);
    // Says what it must be, in words of ours and not of the library that reads it.
    expect(problems[0]).toMatch(/: (must|has) /);
    expect(problems[0]).not.toMatch(/Invalid|expected|received|NaN|Too /);
  });

  it.each(Object.keys(PRODUCTION))('names %s when production lacks it', (name) => {
    expect(problemsOf(without(name))).toEqual([expect.stringMatching(`^${name}: is required`)]);
  });

  it.each(Object.keys(PRODUCTION))('treats an empty %s as not set', (name) => {
    expect(problemsOf({ ...FULL, [name]: '' })).toEqual([
      expect.stringMatching(`^${name}: is required`),
    ]);
  });

  it('names all invalid settings at once', () => {
    expect(problemsOf({ PORT: 'x', WORKOS_API_KEY: 'x' })).toEqual([
      expect.stringMatching(/^PORT: /),
      expect.stringMatching(/^PUBLIC_URL: is required/),
      expect.stringMatching(/^DATABASE_URL: is required/),
      expect.stringMatching(/^WORKOS_API_KEY: /),
      expect.stringMatching(/^WORKOS_CLIENT_ID: is required/),
      expect.stringMatching(/^GATEHOUSE_KEYS: is required/),
      expect.stringMatching(/^WORKOS_EXTERNAL_ID_PREFIX: is required/),
    ]);
  });

  it('names a contradiction beside other faults, and none that only follows from them', () => {
    const faulty = { ...FULL, PORT: '9000', ADMIN_PORT: '9000', USER_TOKEN_JWKS_URL: 'LEAKED' };

    expect(problemsOf(faulty)).toEqual([
      expect.stringMatching(/^USER_TOKEN_JWKS_URL: must be an absolute URL$/),
      expect.stringMatching(/^ADMIN_PORT: must differ from PORT/),
    ]);
    expect(problemsOf({ ...FULL, PORT: '0', ADMIN_PORT: '0' })).toEqual([]);
  });

  it('names a setting once, however many rules it breaks', () => {
    expect(problemsOf({ ...FULL, WORKOS_API_BASE_URL: 'http://LEAKED.example' })).toEqual([
      expect.stringMatching(/^WORKOS_API_BASE_URL: must be a WorkOS host in production/),
    ]);
  });

  it('takes every default from the list of settings', () => {
    const stated = settings.flatMap(([name, { default: value, optional }]): [string, string][] =>
      value !== undefined && !optional ? [[name, value]] : [],
    );

    expect(loadConfig({ ...PRODUCTION, ...Object.fromEntries(stated) })).toEqual(
      loadConfig(PRODUCTION),
    );
  });

  it.each([...Object.keys(USERS), ...Object.keys(WORKLOADS)])(
    'names %s when it alone of its three is missing',
    (name) => {
      expect(problemsOf(without(name))).toEqual([expect.stringContaining(name)]);
    },
  );

  it('refuses one issuer and audience for users and clients both', () => {
    const shared = { ...FULL, CLIENT_TOKEN_ISSUER: USERS.USER_TOKEN_ISSUER };

    expect(problemsOf(shared)).toEqual([expect.stringMatching(/^CLIENT_TOKEN_AUDIENCE: /)]);
    expect(problemsOf({ ...shared, CLIENT_TOKEN_AUDIENCE: 'gatehouse-clients' })).toEqual([]);
  });

  it('accepts several audiences only together with the claim that names the client', () => {
    const several = { ...FULL, USER_TOKEN_SEVERAL_AUDIENCES: 'true' };

    expect(problemsOf(several)).toEqual([expect.stringMatching(/^USER_TOKEN_SEVERAL_AUDIENCES: /)]);
    expect(loadConfig({ ...several, USER_TOKEN_AZP_CLAIM: 'azp' }).userToken).toMatchObject({
      severalAudiences: true,
    });
  });

  it('prefers the lower-case name of a proxy, as other programs do', () => {
    const { proxies, workos } = loadConfig({
      ...PRODUCTION,
      https_proxy: 'http://lower.example',
      HTTPS_PROXY: 'http://upper.example',
      NO_PROXY: 'a.example, b.example',
    });

    expect(proxies.https?.reveal()).toBe('http://lower.example');
    expect(proxies.except).toEqual(['a.example', 'b.example']);
    expect(workos.proxies).toBe(proxies);
  });

  it('refuses a user cookie without an issuer to verify it', () => {
    expect(problemsOf({ ...PRODUCTION, USER_TOKEN_COOKIE: 'session' })).toEqual([
      expect.stringMatching(/^USER_TOKEN_COOKIE: /),
    ]);
  });

  it('refuses to run with certificates unchecked, in development too', () => {
    const env = { ...FULL, NODE_TLS_REJECT_UNAUTHORIZED: '0' };

    expect(problemsOf(env)).toEqual([expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED: /)]);
    expect(problemsOf({ ...env, NODE_ENV: 'development' })).toHaveLength(1);
  });

  it.each(['development', 'test'])('accepts http only on loopback as %s', (NODE_ENV) => {
    const loopback = {
      ...FULL,
      NODE_ENV,
      PUBLIC_URL: 'http://localhost:8080',
      WORKOS_API_BASE_URL: 'http://127.0.0.1:8090',
    };

    expect(problemsOf(loopback)).toEqual([]);
    expect(problemsOf({ ...loopback, PUBLIC_URL: 'http://10.0.0.1' })).toEqual([
      'PUBLIC_URL: must be https',
    ]);
  });

  it.each(['staging', 'Production', 'dev'])('is production with NODE_ENV=%s', (NODE_ENV) => {
    expect(problemsOf({ ...FULL, NODE_ENV, PUBLIC_URL: 'http://localhost' })).toEqual([
      'PUBLIC_URL: must be https',
    ]);
  });

  it('has a default prefix and key in development', () => {
    const env = {
      ...PRODUCTION,
      NODE_ENV: 'development',
      WORKOS_EXTERNAL_ID_PREFIX: '',
      GATEHOUSE_KEYS: '',
    };

    expect(loadConfig(env).workos.externalIdPrefix).toBe('gh:dev:');
    expect(loadConfig(env).keys[0]?.reveal()).not.toBe(
      loadConfig({ ...env, WORKOS_API_KEY: 'sk_test_other' }).keys[0]?.reveal(),
    );
  });

  it('prints no secret', () => {
    const config = loadConfig(FULL);

    expect(JSON.stringify(config)).not.toMatch(/LEAKED|BwcHBwcH/);
    expect(String(config.database.url)).toBe('[redacted]');
  });
});

describe('NAME_FILE', () => {
  const secrets = settings.filter(([, { secret }]) => secret).map(([name]) => name);
  const fileWith = (text: string): string => {
    const file = join(directory, 'secret');
    writeFileSync(file, text);
    return file;
  };

  it.each(secrets)('contains %s, optionally with a line end', (name) => {
    const file = fileWith(`${SAMPLES[name]?.[0] ?? ''}\n`);

    expect(problemsOf({ ...without(name), [`${name}_FILE`]: file })).toEqual([]);
  });

  it.each(secrets)('is named when %s in it is malformed', (name) => {
    const problems = problemsOf({ ...without(name), [`${name}_FILE`]: fileWith('LEAKED') });

    expect(problems).toEqual([expect.stringMatching(`^${name}: `)]);
    expect(problems.join('\n')).not.toContain('LEAKED');
  });

  it('is refused beside the setting itself', () => {
    const env = { ...FULL, WORKOS_API_KEY_FILE: fileWith('sk_live_LEAKED') };

    expect(problemsOf(env)).toEqual([expect.stringMatching(/^WORKOS_API_KEY: is given twice/)]);
  });

  it('is as if it were not given when it is empty', () => {
    const empty = fileWith('\n');

    expect(
      loadConfig({ ...FULL, WORKOS_WEBHOOK_SECRETS: '', WORKOS_WEBHOOK_SECRETS_FILE: empty }).workos
        .webhookSecrets,
    ).toEqual([]);
    expect(problemsOf({ ...without('WORKOS_API_KEY'), WORKOS_API_KEY_FILE: empty })).toEqual([
      'WORKOS_API_KEY: is required, and the file of WORKOS_API_KEY_FILE is empty',
    ]);
  });

  it('is named when it cannot be read', () => {
    const env = { ...without('WORKOS_API_KEY'), WORKOS_API_KEY_FILE: join(directory, 'none') };

    expect(problemsOf(env)).toEqual(['WORKOS_API_KEY_FILE: cannot be read (ENOENT)']);
  });
});

describe('the list of settings', () => {
  const page = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const statedDefault = ({ default: value, optional }: Setting): string => {
    if (value !== undefined) return `Default \`${value}\`.`;
    return optional ? 'Optional.' : '**Required.**';
  };
  const entry = (name: string, setting: Setting): string =>
    `### \`${name}\`

${statedDefault(setting)} ${setting.description}${setting.secret ? ` Secret: may be given as \`${name}_FILE\`, the path of a file.` : ''}
`;

  it('is docs/settings.md', async () => {
    await expectCommitted(
      'docs/settings.md',
      `# Settings

<!-- Generated: UPDATE_DOCS=1 npm test -- test/config/config.test.ts -->

Settings are environment variables, read once at the start. A missing or invalid setting stops the process; the message names the setting and never shows its value. [.env.example](../.env.example) has all of them.

${settings.map(([name, setting]) => entry(name, setting)).join('\n')}`,
      { proseWrap: 'always' },
    );
  });

  it('is .env.example, with each default, where only settings required in production are set', () => {
    const [, ofGatehouse = ''] = page('.env.example').split('# --- Gatehouse. ---');
    const lines = ofGatehouse.split('\n').filter((line) => /^(# )?[A-Z_]+=/.test(line));

    expect(lines.map((line) => line.replace(/^# /, '').split('=')[0])).toEqual(
      settings.map(([name]) => name),
    );
    for (const [name, { default: value, optional }] of settings) {
      const line = lines.find((one) => one.replace(/^# /, '').startsWith(`${name}=`)) ?? '';
      // GATEHOUSE_KEYS is required too, but nobody should run with an example of it.
      const required = (value === undefined && !optional) || name === 'WORKOS_EXTERNAL_ID_PREFIX';
      expect(line.startsWith('# ')).toBe(!required);
      if (value !== undefined && !optional) expect(line).toBe(`# ${name}=${value}`);
    }
  });
});

describe('gatehouse serve', () => {
  it('ends with 1 and the names of invalid settings, without values or a stack', async () => {
    const { code, err, out } = await runGatehouse(['serve'], {
      WORKOS_API_KEY: 'LEAKED',
      PORT: 'LEAKED',
    });

    expect(code).toBe(1);
    expect(err.trim().split('\n')).toEqual([
      expect.stringMatching(/^gatehouse serve: PORT: /),
      expect.stringMatching(/^gatehouse serve: PUBLIC_URL: is required/),
      expect.stringMatching(/^gatehouse serve: DATABASE_URL: is required/),
      expect.stringMatching(/^gatehouse serve: WORKOS_API_KEY: /),
      expect.stringMatching(/^gatehouse serve: WORKOS_CLIENT_ID: is required/),
      expect.stringMatching(/^gatehouse serve: GATEHOUSE_KEYS: is required/),
      expect.stringMatching(/^gatehouse serve: WORKOS_EXTERNAL_ID_PREFIX: is required/),
    ]);
    expect(out + err).not.toContain('LEAKED');
  });
});
