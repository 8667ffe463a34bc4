import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { waitForAnswer } from '../support/wait-for.ts';
import {
  FORGERIES,
  GOOD,
  inSeconds,
  signed,
  USER_FORGERIES,
  type Forging,
} from '../support/forged-tokens.ts';
import {
  gatehouse,
  client,
  canary,
  canaryHits,
  otherKey,
  otherJwk,
  LAUNCH,
  user,
  workload,
  replica,
  launchAs,
  callWith,
  withProcess,
  useTokens,
} from './tokens-setup.ts';

useTokens();

const forging = (good: Record<string, unknown>): Forging => ({
  issuer: gatehouse.issuer,
  good,
  otherKey,
  otherJwk,
  canary: `http://127.0.0.1:${(canary.address() as AddressInfo).port}`,
});

describe('a user’s token', () => {
  it.each(Object.keys(GOOD))('is accepted: %s', async (name) => {
    const token = await GOOD[name]?.(forging(user()));

    const answer = await launchAs(token ?? '');

    expect(answer).toMatchObject({ status: 201, json: { user_id: 'ada' } });
  });

  it.each(Object.keys({ ...FORGERIES, ...USER_FORGERIES }))('is refused: %s', async (name) => {
    const token = await { ...FORGERIES, ...USER_FORGERIES }[name]?.(forging(user()));

    const { status, json, headers } = await launchAs(token ?? '');

    expect([status, json.code]).toEqual([401, 'invalid_user_token']);
    expect(headers['www-authenticate']).toMatch(/^Bearer .*error="invalid_token"/);
  });

  it('is refused when it exceeds the limit for headers', async () => {
    const { issuer } = gatehouse;
    const token = await signed(issuer.privateKey, { ...user(), filler: 'x'.repeat(49_152) });

    const { status, json } = await launchAs(token);

    expect([status, json.code]).toEqual([431, 'headers_too_large']);
  });

  it('is refused once it has expired, even if it was accepted before', async () => {
    const { issuer } = gatehouse;
    // Ten seconds of clock skew are tolerated, so this token is valid for about one more.
    const token = await signed(issuer.privateKey, { ...user(), exp: inSeconds(-8) });
    const first = await launchAs(token);

    const last = await waitForAnswer(
      () => launchAs(token),
      ({ status }) => status === 401,
      5_000,
    );

    expect([first.status, last.status]).toEqual([201, 401]);
  });

  it('does not authenticate a client', async () => {
    const token = await signed(gatehouse.issuer.privateKey, user());

    expect(await callWith(token)).toMatchObject({ status: 401, json: { code: 'unauthenticated' } });
  });

  it('is not read from the query', async () => {
    const token = await signed(gatehouse.issuer.privateKey, user());

    const { status, json } = await replica(0).send({
      method: 'post',
      path: `/v1/portal-launches?user_token=${token}&access_token=${client.key}`,
      headers: { authorization: `Bearer ${client.key}`, 'content-type': 'application/json' },
      body: LAUNCH,
    });

    expect([status, json.code]).toEqual([403, 'acting_user_required']);
  });
});

describe('a workload token', () => {
  it.each(Object.keys(GOOD))('is accepted: %s', async (name) => {
    const token = await GOOD[name]?.(forging(workload()));

    expect(await callWith(token ?? '')).toMatchObject({ status: 200, json: { id: 'acme' } });
  });

  it.each(Object.keys(FORGERIES))('is refused: %s', async (name) => {
    const token = await FORGERIES[name]?.(forging(workload()));

    const { status, json, headers } = await callWith(token ?? '');

    expect([status, json.code]).toEqual([401, 'unauthenticated']);
    expect(headers['www-authenticate']).toBe('Bearer realm="gatehouse"');
  });
});

describe('forged tokens', () => {
  it('caused no fetch and no call to WorkOS', () => {
    expect(canaryHits).toBe(0);
    expect(gatehouse.workos.requestsTo('POST /portal/generate_link')).toEqual([]);
  });
});

describe('USER_TOKEN_AZP_CLAIM', () => {
  it('requires that the token was issued to the calling client', async () => {
    const { privateKey } = gatehouse.issuer;
    const parties = ['client-1', 'somebody-else', undefined, ['client-1'], 'CLIENT-1', ''];

    await withProcess(
      ({ userTokenClaims }) => ({ userTokenClaims: { ...userTokenClaims, azp: 'azp' } }),
      async (caller) => {
        const answers = await Promise.all(
          parties.map(async (azp) =>
            launchAs(await signed(privateKey, { ...user(), azp }), caller),
          ),
        );

        expect(client.id).toBe('client-1');
        expect(answers.map(({ status }) => status)).toEqual([201, 401, 401, 401, 401, 401]);
      },
    );
  });
});

describe('a user named by header', () => {
  const named = (headers: Record<string, string>, key = client.key) =>
    replica(0).send({
      method: 'post',
      path: '/v1/portal-launches',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: LAUNCH,
    });

  it('is accepted with users:assert, and audited as asserted', async () => {
    const { status, json, headers } = await named({
      'gatehouse-user-id': 'bob|42@okta',
      'gatehouse-user-roles': 'member, it_admin',
    });

    expect([status, json.user_id]).toEqual([201, 'bob|42@okta']);
    const [row] = await gatehouse.database.superuser<{ details: unknown; user_id: string }>(
      'select user_id, details from audit_trail where request_id = $1',
      [headers['x-request-id']],
    );
    expect(row).toMatchObject({ user_id: 'bob|42@okta', details: { user_asserted: true } });
  });

  it('is refused without the scope', async () => {
    const modest = await gatehouse.createClient({ scopes: ['portal:launch'] });

    const { status, json } = await named({ 'gatehouse-user-id': 'bob' }, modest.key);

    expect([status, json.code]).toEqual([403, 'insufficient_scope']);
  });

  it.each([
    ['an id', { 'gatehouse-user-id': 'ada' }],
    ['roles', { 'gatehouse-user-roles': 'it_admin' }],
    ['both', { 'gatehouse-user-id': 'ada', 'gatehouse-user-roles': 'it_admin' }],
  ])('is refused as %s beside a token', async (_name, headers) => {
    const token = await signed(gatehouse.issuer.privateKey, user());

    const { status, json } = await named({ ...headers, 'gatehouse-user-token': token });

    expect([status, json.code]).toEqual([400, 'conflicting_user_headers']);
  });

  it.each([
    ['empty', ''],
    ['too long', 'a'.repeat(256)],
    ['not ASCII', Buffer.from('adä', 'utf8').toString('latin1')],
    ['with a space', 'ada lovelace'],
    ['with a tab', 'ada\tlovelace'],
  ])('is refused %s', async (_name, id) => {
    const { status, json } = await named({
      'gatehouse-user-id': id,
      'gatehouse-user-roles': 'it_admin',
    });

    expect([status, json.errors?.[0]?.field]).toEqual([400, 'gatehouse-user-id']);
  });
});
