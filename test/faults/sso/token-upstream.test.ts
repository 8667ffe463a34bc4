import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../src/dev/fake-workos/server.ts';
import { waitForAnswer } from '../../support/wait-for.ts';
import {
  auditRows,
  exchange,
  grant,
  signIn,
  TOKEN,
  type Exchanged,
} from '../../support/sign-in.ts';
import {
  gatehouse,
  client,
  other,
  expectRefusal,
  useTokenEndpoint,
} from '../../sso/token-setup.ts';
import { within } from '../../support/within.ts';

useTokenEndpoint();

describe('exchangeSsoCode while WorkOS misbehaves', () => {
  const status = (code: number, body?: unknown): Fault => ({ kind: 'status', status: code, body });
  const PROFILE = {
    object: 'profile',
    id: 'prof_1',
    organization_id: null,
    connection_id: 'c',
    connection_type: 'OktaSAML',
    idp_id: '1',
    email: 'a@b.example',
  };

  it.each<[string, Fault, number, string, string]>([
    [
      'a code it does not know',
      status(400, { error: 'invalid_grant', error_description: 'The code "x" of org_1' }),
      400,
      'invalid_grant',
      'invalid_grant',
    ],
    [
      'invalid_client',
      status(400, { error: 'invalid_client' }),
      502,
      'server_error',
      'upstream_rejected',
    ],
    ['422', status(422, { message: 'no' }), 502, 'server_error', 'upstream_rejected'],
    ['401', status(401, { message: 'Unauthorized' }), 502, 'server_error', 'upstream_auth_failed'],
    ['403', status(403), 502, 'server_error', 'upstream_forbidden'],
    ['404', status(404), 502, 'server_error', 'upstream_rejected'],
    ['500', status(500), 502, 'server_error', 'upstream_error'],
    ['503', status(503), 502, 'server_error', 'upstream_error'],
    [
      'a redirect 307',
      { kind: 'redirect', status: 307, location: 'http://127.0.0.1:1/' },
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'a redirect 302',
      { kind: 'redirect', status: 302, location: 'http://127.0.0.1:1/' },
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'HTML',
      { kind: 'content-type', type: 'text/html', body: '<html>' },
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    ['an end too early', { kind: 'truncated' }, 502, 'server_error', 'upstream_invalid_response'],
    ['null', status(200, null), 502, 'server_error', 'upstream_invalid_response'],
    ['a list', status(200, []), 502, 'server_error', 'upstream_invalid_response'],
    ['a number', status(200, 1), 502, 'server_error', 'upstream_invalid_response'],
    ['{}', status(200, {}), 502, 'server_error', 'upstream_invalid_response'],
    [
      'no profile',
      status(200, { access_token: 'x' }),
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'no access token',
      status(200, { profile: PROFILE }),
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'a profile without id',
      status(200, { access_token: 'x', profile: { ...PROFILE, id: undefined } }),
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'groups that are no list',
      status(200, { access_token: 'x', profile: { ...PROFILE, groups: 'all' } }),
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'a negative expiry',
      status(200, { access_token: 'x', expires_in: -1, profile: PROFILE }),
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'a body of 1 MB',
      { kind: 'huge', bytes: 1_000_000 },
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'a profile of no organization',
      status(200, { access_token: 'x', profile: PROFILE }),
      400,
      'invalid_grant',
      'invalid_grant',
    ],
  ])(
    'answers %s in RFC 6749’s terms, after one call',
    async (_what, fault, expected, error, code) => {
      const { code: own, upstreamCode } = await signIn(gatehouse, client);
      gatehouse.workos.fault(TOKEN, fault, { times: 1 });

      const refused = await exchange(gatehouse, grant(client, own));

      expectRefusal(refused, error, expected);
      expect(refused.body).toMatchObject({ code });
      expect(JSON.stringify(refused.body)).not.toMatch(/org_|sk_test/);
      expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
      const repeated = await exchange(gatehouse, grant(client, own));
      expectRefusal(repeated, 'invalid_grant');
      const saysWhy = String(repeated.body.error_description).includes('earlier exchange');
      expect(saysWhy).toBe(expected !== 400);
      expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
      const rows = await auditRows(gatehouse, refused.headers.get('x-request-id'));
      expect(rows.map(({ outcome }) => outcome as string)).toEqual([
        'attempted',
        expected === 400 ? 'refused' : 'failed',
      ]);
    },
  );

  it('times out after 3 s when WorkOS never answers, or sends a byte a second', async () => {
    const faults: Fault[] = [{ kind: 'silence' }, { kind: 'slow-body', bytesPerSecond: 1 }];
    const codes = await Promise.all(faults.map(() => signIn(gatehouse, client)));
    for (const fault of faults) gatehouse.workos.fault(TOKEN, fault, { times: 1 });
    const began = performance.now();

    const refused = await Promise.all(
      codes.map(({ code }) => exchange(gatehouse, grant(client, code))),
    );

    expect(performance.now() - began).toBeLessThan(within(4_500));
    for (const one of refused) expectRefusal(one, 'server_error', 504);
    for (const { upstreamCode } of codes) expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  });
});

describe('the log line of an exchange', () => {
  const lineOf = async ({ headers }: Exchanged): Promise<object> => {
    const [line = '{}'] = await waitForAnswer(
      () =>
        Promise.resolve(
          gatehouse.logs.filter((one) => one.includes(headers.get('x-request-id') ?? 'none')),
        ),
      (lines) => lines.length > 0,
    );
    return JSON.parse(line) as object;
  };

  it('names the client once it is authenticated, even if the code is refused', async () => {
    const line = await lineOf(await exchange(gatehouse, grant(client, 'any')));

    expect(line).toMatchObject({ operation: 'exchangeSsoCode', client_id: client.id });
  });

  it('names no client that only claims an id', async () => {
    const fields = { ...grant(client, 'any'), client_secret: other.key };

    const line = await lineOf(await exchange(gatehouse, fields));

    expect(line).toMatchObject({ operation: 'exchangeSsoCode', code: 'invalid_client' });
    expect(line).not.toHaveProperty('client_id');
  });
});
