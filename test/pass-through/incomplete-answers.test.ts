/** WorkOS, or something before it, answers without the field that says what the answer is about. */
import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { askWorkos, makeOwnThings, makeThings } from '../support/resource-things.ts';
import type { OwnThings, Things } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let client: TestClient;
let things: Things & OwnThings;
/** Another user of the same tenant. */
let other: Things;

beforeAll(async () => {
  client = await gatehouse.createClient({ redirectUris: ['https://app.example.com/callback'] });
  await gatehouse.provision('acme');
  const organization = await organizationOf(gatehouse, 'acme');
  const owner = { clientId: client.id, tenantId: 'acme' };
  things = {
    ...(await makeThings(gatehouse, organization)),
    ...(await makeOwnThings(gatehouse, owner, organization)),
  };
  other = await makeThings(gatehouse, organization);
});
afterEach(() => gatehouse.workos.clearFaults());

const answerWith = (operation: string, body: object, status = 200): void =>
  gatehouse.workos.fault(operation, { kind: 'status', status, body });
const codeOf = ({ status, body }: { status: number; body: unknown }) =>
  `${status} ${(body as { code?: string }).code ?? ''}`.trim();
const WRONG = '502 upstream_invalid_response';

it.each<[string, object]>([
  ['no challenge', { valid: true }],
  ['null for the challenge', { challenge: null, valid: true }],
  ['a challenge without its id', { challenge: { authentication_factor_id: 'x' }, valid: true }],
])('a code is not valid by an answer with %s', async (_what, body) => {
  const path = `/auth/challenges/${things.challenge}/verify`;
  answerWith(`POST ${path}`, body, 201);

  const res = await gatehouse.as(client).post(path).send({ code: '000000' });

  expect(codeOf(res)).toBe(WRONG);
});

it('a user without external id is not the one who was asked for by it', async () => {
  const user = await askWorkos(gatehouse, 'GET', `/user_management/users/${other.user}`);
  const path = `/user_management/users/external_id/${things.externalId}`;
  answerWith(`GET ${path}`, { ...user, external_id: undefined });

  const res = await gatehouse.as(client).get(path);

  expect(res.text).not.toContain(other.user);
  expect(codeOf(res)).toBe(WRONG);
});

it('an invitation without token is not the one who was asked for by it', async () => {
  const invitation = await askWorkos(
    gatehouse,
    'GET',
    `/user_management/invitations/${other.invitation}`,
  );
  const path = `/user_management/invitations/by_token/${things.invitationToken}`;
  answerWith(`GET ${path}`, { ...invitation, token: undefined });

  const res = await gatehouse.as(client).get(path);

  expect(res.text).not.toContain(other.invitation);
  expect(codeOf(res)).toBe(WRONG);
});

it.each<[string, object]>([
  ['nothing', {}],
  ['an error', { error: 'server_error', message: 'It failed.' }],
])('an API key is not invalid by an answer with %s', async (_what, body) => {
  answerWith('POST /api_keys/validations', body);

  const res = await gatehouse.as(client).post('/api_keys/validations').send({ value: 'sk_x' });

  expect(codeOf(res)).toBe(WRONG);
});

it.each<['get' | 'post', string, object | undefined, object]>([
  ['post', '/organization_domains', { organization_id: 'acme', domain: 'a.example' }, { id: 'd' }],
  ['post', '/organizations/*/groups', { name: 'Group' }, { id: 'group_1' }],
  ['get', '/organizations/*/audit_log_configuration', undefined, { retention_period_in_days: 7 }],
  [
    'get',
    '/organizations/*/audit_log_configuration',
    undefined,
    { organization_id: null, data: [] },
  ],
])(
  'an object of no organization is not the tenant’s: %s %s',
  async (method, path, body, object) => {
    answerWith(`${method.toUpperCase()} ${path}`, object, method === 'get' ? 200 : 201);

    const res = await gatehouse.as(client)[method](path.replace('*', 'acme')).send(body);

    expect(codeOf(res)).toBe(WRONG);
  },
);

it.each<[string, object]>([
  ['/user_management/users', {}],
  ['/user_management/invitations', { organization_id: 'acme' }],
  ['/user_management/magic_auth', {}],
  ['/user_management/password_reset', {}],
  ['/passwordless/sessions', { type: 'MagicLink' }],
])('what names no address was not made for the address that was given: %s', async (path, rest) => {
  const organization_id = await organizationOf(gatehouse, 'acme');
  const ofOthers = { id: 'of_others', code: '123456', organization_id };
  answerWith(`POST ${path}`, ofOthers, 201);

  const res = await gatehouse
    .as(client)
    .post(path)
    .send({ email: other.email, ...rest });

  expect(res.text).not.toContain('of_others');
  expect(codeOf(res)).toBe(WRONG);
});

it('a challenge that names no factor is not one for the factor that was asked for', async () => {
  const path = `/auth/factors/${things.factor}/challenge`;
  answerWith(`POST ${path}`, { id: 'challenge_of_others' }, 201);

  const res = await gatehouse.as(client).post(path).send({});

  expect(res.text).not.toContain('of_others');
  expect(codeOf(res)).toBe(WRONG);
});

it('a membership that names no user is not that of the user who was asked for', async () => {
  const path = '/user_management/organization_memberships';
  const organization_id = await organizationOf(gatehouse, 'acme');
  answerWith(`POST ${path}`, { id: 'of_others', organization_id }, 201);

  const res = await gatehouse
    .as(client)
    .post(path)
    .send({ organization_id: 'acme', user_id: things.leaver });

  expect(res.text).not.toContain('of_others');
  expect(codeOf(res)).toBe(WRONG);
});
