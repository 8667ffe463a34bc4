import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/config.ts';
import { runGatehouse } from '../support/gatehouse-process.ts';
import {
  FULL,
  PRODUCTION,
  problemsOf,
  SAMPLES,
  settings,
  USERS,
  without,
  WORKLOADS,
} from './config-setup.ts';

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
