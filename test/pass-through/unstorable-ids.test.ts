/** WorkOS, or something before it, answers with an id that Postgres cannot hold. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeUser } from '../support/resource-things.ts';
import { organizationOf, REDIRECT_URI } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { INVITATIONS, outcomeOf } from './attacks-setup.ts';

const USERS = '/user_management/users';
const EMAIL = 'ada@acme.example';

const gatehouse = useGatehouse();
/** Every tenant. */
let client: TestClient;
/** Only `acme`. */
let ofAcme: TestClient;
let acme: string;
/** With the e-mail address, and only in `acme`. */
let user: string;
beforeAll(async () => {
  client = await gatehouse.createClient();
  ofAcme = await gatehouse.createClient({ tenants: ['acme'], redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  acme = await organizationOf(gatehouse, 'acme');
  user = await makeUser(gatehouse, [acme], { email: EMAIL });
});

const PAGE = { before: null, after: null };
const connection = { id: 'conn_1', object: 'connection', organization_id: 'org_\0' };
const answerWith = (operation: string, status: number, body: object): void =>
  gatehouse.workos.fault(operation, { kind: 'status', status, body }, { times: 1 });

describe('an object of an organization whose id holds a NUL', () => {
  it.each([
    ['is in no list', '/connections', { object: 'list', data: [connection], list_metadata: PAGE }],
    ['is not found', '/connections/conn_1', connection],
  ])('%s', async (_what, path, body) => {
    answerWith(`GET ${path}`, 200, body);

    const res = await gatehouse.as(client).get(path);

    expect([res.status, (res.body as { data?: unknown }).data]).toEqual(
      path === '/connections' ? [200, []] : [404, undefined],
    );
  });
});

it('a user whose id holds a NUL is in a list', async () => {
  const stamps = { created_at: '2026-01-15T12:00:00.000Z', updated_at: '2026-01-15T12:00:00.000Z' };
  const odd = { object: 'user', id: 'user_\0', email: 'odd@acme.example', ...stamps };
  const membership = { id: 'om_1', user_id: odd.id, organization_id: acme, status: 'active' };
  const list = (one: object) => ({ object: 'list', data: [one], list_metadata: PAGE });
  answerWith(`GET ${USERS}`, 200, list(odd));
  answerWith('GET /user_management/organization_memberships', 200, list(membership));

  const res = await gatehouse.as(ofAcme).get(USERS).query({ email: odd.email });

  expect([res.status, (res.body as { data?: unknown }).data]).toEqual([200, [odd]]);
});

const ODD_IDS = ['x_\0', 'x_\ud800', 'x'.repeat(3_000), ''];

/** What WorkOS creates: the operation, the path and the body of the request, and the reply but for the id. */
const CREATED: readonly (readonly [string, string, object, object])[] = [
  [`POST ${USERS}`, USERS, { email: 'new@acme.example' }, {}],
  ['POST /organizations/*/api_keys', '/organizations/acme/api_keys', { name: 'Key' }, {}],
  ['POST /auth/factors/enroll', '/auth/factors/enroll', { type: 'generic_otp' }, {}],
  ['POST /user_management/magic_auth', '/user_management/magic_auth', { email: EMAIL }, {}],
  ['POST /organizations/*/groups', '/organizations/acme/groups', { name: 'Group' }, {}],
  [`POST ${INVITATIONS}`, INVITATIONS, { email: EMAIL, organization_id: 'acme' }, {}],
  [
    'POST /user_management/password_reset',
    '/user_management/password_reset',
    { email: EMAIL },
    { password_reset_token: 'token' },
  ],
  [
    'POST /passwordless/sessions',
    '/passwordless/sessions',
    { type: 'MagicLink', email: EMAIL, redirect_uri: REDIRECT_URI },
    { link: 'https://auth.workos.com/passwordless/x/confirm' },
  ],
];

describe('an answer about a new object with an id that Postgres cannot hold', () => {
  it.each(CREATED)('is a wrong answer: %s', async (operation, path, body, fields) => {
    const { email } = body as { email?: string };
    const outcomes: unknown[] = [];

    for (const id of ODD_IDS) {
      answerWith(operation, 201, { id, ...(email && { email }), ...fields });
      outcomes.push(outcomeOf(await gatehouse.as(ofAcme).post(path).send(body)));
    }

    expect(outcomes).toEqual(ODD_IDS.map(() => [502, 'upstream_invalid_response']));
    // A user may exist now, so an attempt to create one is kept.
    const owned = `select kind from owned_objects where kind <> 'user'`;
    expect(await gatehouse.database.superuser(owned)).toEqual([]);
  });

  it('is a wrong answer if it is about the user of a token', async () => {
    const reset = { id: 'password_reset_1', email: EMAIL, password_reset_token: 'token' };
    answerWith('POST /user_management/password_reset', 201, { ...reset, user_id: `${user}\0` });

    const sending = gatehouse.as(client).post('/user_management/password_reset');
    const res = await sending.send({ email: EMAIL });

    expect(outcomeOf(res)).toEqual([502, 'upstream_invalid_response']);
  });
});
