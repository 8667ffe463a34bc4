/**
 * The log has the reason why a token was refused. A client reads why its user's token was refused; a
 * stranger and a browser see the same 401 for every reason.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { waitForAnswer } from '../support/wait-for.ts';
import { openLaunchPage } from '../support/portal-calls.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse({ env: { USER_TOKEN_AZP_CLAIM: 'azp' } });
let client: TestClient;

beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.createClient({
    tokenIssuer: gatehouse.issuer.url,
    tokenSubject: 'system:billing',
  });
  await gatehouse.createClient({
    tokenIssuer: gatehouse.issuer.url,
    tokenSubject: 'system:stopped',
    disabled: true,
  });
});

interface Line {
  readonly request_id: string;
  readonly cause?: string;
  readonly code?: string;
}

async function lineOf(res: Response): Promise<Line> {
  const requestId = (res.headers as Record<string, string>)['x-request-id'];
  const [line] = await waitForAnswer(
    () =>
      Promise.resolve(
        gatehouse.logs
          .map((text) => JSON.parse(text) as Line)
          .filter(({ request_id: id }) => id === requestId),
      ),
    (lines) => lines.length > 0,
  );
  if (!line) throw new Error('There is no line.');
  return line;
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

type Change = [
  reason: string,
  claims: Record<string, unknown>,
  header: Record<string, unknown>,
  cause: string,
];

const OF_ANY_TOKEN: Change[] = [
  ['another audience', { aud: 'canary-audience' }, {}, 'for another audience'],
  ['several audiences', { aud: ['gatehouse', 'gatehouse-clients'] }, {}, 'for several audiences'],
  ['no audience', { aud: undefined }, {}, 'the claim aud is missing'],
  ['another issuer', { iss: 'https://canary.example' }, {}, 'of another issuer'],
  ['an end in the past', { exp: inSeconds(-60) }, {}, 'has expired'],
  ['no end', { exp: undefined }, {}, 'the claim exp is missing'],
  ['an end in two days', { exp: inSeconds(172_800) }, {}, 'lives too long'],
  ['a beginning to come', { nbf: inSeconds(3_600) }, {}, 'not valid yet'],
  ['no subject', { sub: undefined }, {}, 'the claim sub is missing'],
  ['a subject that is none', { sub: 'canary\n' }, {}, 'the claim sub is not'],
  ['an unknown key', {}, { kid: 'canary-key' }, 'the key is unknown'],
  ['another type', {}, { typ: 'canary+jwt' }, 'of another type'],
  ['a key of its own', {}, { jku: 'https://canary.example' }, 'names its own key'],
];

const sign = (
  good: Record<string, unknown>,
  claims: Record<string, unknown>,
  header: Record<string, unknown>,
) => gatehouse.issuer.sign({ ...good, ...claims }, header);

async function expectCause(res: Response, token: string, cause: string, code: string) {
  const line = await lineOf(res);
  expect(line).toMatchObject({ code, cause: expect.stringContaining(cause) });
  const text = JSON.stringify(line);
  expect(text).not.toContain('canary');
  for (const part of token.split('.').filter(({ length }) => length > 0))
    expect(text).not.toContain(part);
}

describe('a refused user token', () => {
  const user = (): Record<string, unknown> => ({
    aud: 'gatehouse',
    sub: 'ada',
    tenant_id: 'acme',
    roles: ['it_admin'],
    azp: client.id,
  });
  const send = (token: string) =>
    gatehouse
      .as(client, token)
      .post('/portal/generate_link')
      .send({ organization: 'acme', intent: 'sso' });
  it.each<Change>([
    ...OF_ANY_TOKEN,
    ['no tenant', { tenant_id: undefined }, {}, 'the claim tenant_id is missing or not one string'],
    ['another client', { azp: 'canary-client' }, {}, 'issued to another client'],
  ])('has its reason logged: %s', async (_reason, claims, header, cause) => {
    const token = await sign(user(), claims, header);

    const res = await send(token);

    expect(res.status).toBe(401);
    expect(res.body).toMatchObject({ detail: expect.stringContaining(cause) });
    expect(res.text).not.toContain('canary');
    await expectCause(res, token, cause, 'invalid_user_token');
  });

  it.each([
    ['no JWT', 'abc', 'malformed'],
    ['a wrong signature', 'signature', 'the signature was not made by a key'],
    ['no signature', 'none', 'the algorithm is not accepted'],
  ])('has its reason logged: %s', async (_reason, kind, cause) => {
    const [head = '', claims = '', signature = ''] = (await sign(user(), {}, {})).split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const token =
      { abc: 'abc', none: `${none}.${claims}.` }[kind] ??
      `${head}.${claims}.${signature.split('').toReversed().join('')}`;

    const res = await send(token);

    expect(res.status).toBe(401);
    await expectCause(res, token, cause, 'invalid_user_token');
  });

  it.each(['Bearer', 'bearer'])(
    'is answered with what to leave out if it was sent after %s',
    async (scheme) => {
      const res = await send(`${scheme} ${await sign(user(), {}, {})}`);

      expect(res.status).toBe(401);
      expect(res.body).toMatchObject({ detail: expect.stringContaining('without Bearer') });
    },
  );

  it('has its reason logged when a browser sent it too', async () => {
    const token = await sign(user(), { aud: 'canary-audience' }, {});

    const res = await openLaunchPage(
      gatehouse.url,
      { client_id: client.id, tenant_id: 'acme', intent: 'sso' },
      { cookie: `session=${token}` },
    );

    expect(res.status).toBe(401);
    expect(res.text).not.toContain('audience');
    await expectCause(res, token, 'for another audience', 'invalid_user_token');
  });
});

describe('a refused workload token', () => {
  const workload = { aud: 'gatehouse-clients', sub: 'system:billing' };

  it.each<Change>([
    ...OF_ANY_TOKEN,
    ['a subject of nobody', { sub: 'canary-subject' }, {}, 'no client has this issuer and subject'],
    ['a disabled client', { sub: 'system:stopped' }, {}, 'the client is disabled'],
  ])('has its reason logged: %s', async (_reason, claims, header, cause) => {
    const token = await sign(workload, claims, header);

    const res = await gatehouse.anonymous
      .get('/v1/tenants/acme')
      .set('authorization', `Bearer ${token}`);

    expect(res.status).toBe(401);
    await expectCause(res, token, cause, 'unauthenticated');
  });

  it('has its reason logged at the token endpoint too', async () => {
    const token = await sign(workload, { exp: inSeconds(-60) }, {});

    const res = await gatehouse.anonymous
      .post('/sso/token')
      .type('form')
      .set('authorization', `Bearer ${token}`)
      .send({ grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://a.example' });

    expect(res.status).toBe(401);
    await expectCause(res, token, 'has expired', 'invalid_client');
  });
});

describe('a refused API key', () => {
  const send = (key: string) => gatehouse.as({ id: 'any', key }).get('/v1/tenants');
  const idOf = (key: string) => key.split('_')[1] ?? '';
  const registry = () => createClientRegistry(gatehouse.database.db);
  const SECRET = 'c'.repeat(43);

  it.each<[string, (own: TestClient) => Promise<string> | string, string]>([
    ['malformed', () => 'gh_x', 'the API key is malformed'],
    ['unknown', () => `gh_${'0'.repeat(12)}_${SECRET}`, 'the API key is unknown'],
    ['wrong', ({ key }) => `gh_${idOf(key)}_${SECRET}`, 'the secret of the API key is wrong'],
    [
      'revoked',
      async ({ id, key }) => {
        await registry().revokeKey(operator('test'), id, idOf(key));
        return key;
      },
      'the API key was revoked',
    ],
    [
      'expired',
      async ({ id, key }) => {
        await gatehouse.database.superuser(
          `update client_keys set expires_at = now() - interval '1 minute' where client_id = $1`,
          [id],
        );
        return key;
      },
      'the API key has expired',
    ],
    [
      'of a disabled client',
      async ({ id, key }) => {
        await registry().update(operator('test'), id, { disabled: true });
        return key;
      },
      'the client is disabled',
    ],
  ])('has its reason logged: %s', async (_reason, make, cause) => {
    const key = await make(await gatehouse.createClient());

    const res = await send(key);

    expect(res.status).toBe(401);
    const line = await lineOf(res);
    expect(line).toMatchObject({ code: 'unauthenticated', cause: expect.stringContaining(cause) });
    expect(JSON.stringify(line)).not.toContain(key.slice(-43));
  });
});
