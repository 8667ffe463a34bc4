import { describe, expect, it } from '@jest/globals';
import { clockFinding } from '../../src/cli/doctor/clock.ts';
import { unfitForSignIn } from '../../src/clients/sign-in-client.ts';
import { startTestApp } from '../support/test-app.ts';
import { waitFor } from '../support/wait-for.ts';
import { examine, examineAsText, findingsOf, gatehouse, useDoctor } from './doctor-setup.ts';

useDoctor();

describe('gatehouse doctor', () => {
  it('finds no fault in an environment that is well', async () => {
    const { code, err, findings } = await examine();

    expect(findings.filter(({ level }) => level === 'fault')).toEqual([]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(findings.filter(({ level }) => level === 'warning').map(({ check }) => check)).toEqual([
      'environment',
    ]);
  });

  it('takes the derived key of development for what it is', async () => {
    expect(await findingsOf('GATEHOUSE_KEYS', { GATEHOUSE_KEYS: '' })).toMatchObject([
      { level: 'ok', says: expect.stringMatching(/^derived from WORKOS_API_KEY/) },
    ]);
  });

  it('examines all that it can in a thoroughly broken environment, and ends with 1', async () => {
    const { code, out, findings } = await examine({
      DATABASE_URL: 'postgres://gatehouse:LEAKED@127.0.0.1:1/none',
      WORKOS_API_KEY: 'LEAKED',
      WORKOS_WEBHOOK_SECRET: 'LEAKED',
    });
    const found = findings.map(({ check, level }) => `${check} ${level}`);

    expect(code).toBe(1);
    expect(found).toEqual(
      expect.arrayContaining([
        'settings fault',
        'setting names warning',
        'database fault',
        'migrations skipped',
        'WorkOS skipped',
        'redirect URI ok',
        'public URL ok',
      ]),
    );
    expect(out).not.toContain('LEAKED');
  });

  it('sends the WorkOS key nowhere while its settings are invalid', async () => {
    const before = gatehouse.workos.requests.length;
    await examine({ NODE_ENV: 'production' });

    expect(gatehouse.workos.requests.slice(before)).toEqual([]);
  });

  it('fails for warnings only if it is asked to', async () => {
    expect((await examine({}, '--strict')).code).toBe(1);
  });

  it('prints a line per finding, also where no terminal is', async () => {
    const { out, err } = await examineAsText();

    expect(out).toMatch(/^ok {7}database {2,}\S+ answers, Postgres /m);
    expect(out.split('\n').filter((line) => !/^(ok|warning|fault|skipped) /.test(line))).toEqual([
      '',
    ]);
    expect(err).toMatch(/^0 faults, \d+ warnings?\n$/);
    expect(out).not.toContain('LEAKED');
  });
});

describe('DEFAULT_SIGN_IN_CLIENT', () => {
  it.each([
    [undefined, /not registered/],
    [{ disabled: true, scopes: ['sso:login'], initiateLoginUri: 'https://a.example' }, /disabled/],
    [{ disabled: false, scopes: ['tenants:read'], initiateLoginUri: null }, /sso:login/],
    [{ disabled: false, scopes: ['sso:login'], initiateLoginUri: null }, /initiate login URI/],
  ] as const)('is unfit as %j', (client, why) => {
    expect(unfitForSignIn(client)?.why).toMatch(why);
  });

  it('is reported when a gateway starts', async () => {
    const app = await startTestApp({ env: { DEFAULT_SIGN_IN_CLIENT: 'nobody' } });
    const line = await waitFor(
      () => app.logs.find((one) => one.includes('DEFAULT_SIGN_IN_CLIENT')),
      { withinMs: 60_000, what: 'the log line' },
    );
    await app.stop();

    expect(JSON.parse(line)).toMatchObject({ level: 40, client: 'nobody' });
  });
});

describe('clockFinding', () => {
  it.each([
    [0, 'ok'],
    [4_000, 'ok'],
    [30_000, 'warning'],
    [-30_000, 'warning'],
    [90_000, 'fault'],
  ])('judges clocks that are %d ms apart as %s', (apart, level) => {
    expect(clockFinding('WorkOS', 1_000_000 + apart, 1_000_000, 1_000_100).level).toBe(level);
  });
});
