/** What would let its holder act as somebody: tokens, API keys and their secrets. */
import { describe, expect, it } from '@jest/globals';
import { interleave, pauseCall } from '../support/interleave.ts';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import { askWorkos, makeUser } from '../support/resource-things.ts';
import type { TestClient } from '../support/test-app.ts';
import {
  ask,
  contentOf,
  emailOf,
  idOf,
  INVITATIONS,
  MEMBERSHIPS,
  membershipsOf,
  outcomeOf,
  rival,
  UNKNOWN,
  type Answer,
  type Method,
  useRivals,
} from './attacks-setup.ts';
import { acme, client, gatehouse, get, globex, nobodys, platform } from './resources-setup.ts';

useRivals();

describe('a password-reset token', () => {
  const CONFIRM = '/user_management/password_reset/confirm';
  const resetOf = async (user: string) => {
    const sent = await ask('post', '/user_management/password_reset', { email: emailOf(user) });
    const { password_reset_token: token } = sent.body as { password_reset_token: string };
    return { token, new_password: 'correct horse battery staple' };
  };

  it.each([
    ['joined another tenant', 403, 'user_is_shared', (user: string) => joins(user)],
    ['left the client’s tenant', 404, 'not_found', (user: string) => leaves(user)],
    ['moved to another tenant', 404, 'not_found', (user: string) => (leaves(user), joins(user))],
  ])('is of no use once its user has %s', async (_what, status, code, change) => {
    const user = await makeUser(gatehouse, [acme]);
    const reset = await resetOf(user);
    change(user);

    const confirmed = await ask('post', CONFIRM, reset);

    expect(outcomeOf(confirmed)).toEqual([status, code]);
    expect(
      gatehouse.workos.requestsTo(`POST ${CONFIRM}`).map(({ body }) => body),
    ).not.toContainEqual(expect.objectContaining({ token: reset.token }));
  });

  it('changes the password while its user is the client’s alone', async () => {
    const reset = await resetOf(await makeUser(gatehouse, [acme]));

    expect((await ask('post', CONFIRM, reset)).status).toBe(200);
  });

  const joins = (user: string) => gatehouse.workos.addMembership(globex, user);
  const leaves = (user: string): void => {
    for (const { id } of membershipsOf(user))
      gatehouse.workos.state.organizationMemberships.delete(id);
  };
});

describe('an API key', () => {
  const create = (organization_id: string, as: TestClient) =>
    ask('post', `/organizations/${organization_id}/api_keys`, { name: 'key' }, as);
  const validate = (value: string) => ask('post', '/api_keys/validations', { value });

  it('of another client’s tenant is validated byte for byte as an unknown one', async () => {
    const [mine, theirs] = [await create('acme', client), await create('globex', rival)];
    const nobodysKey = await askWorkos<{ value: string }>(
      gatehouse,
      'POST',
      `/organizations/${nobodys}/api_keys`,
      { name: 'key' },
    );
    const valueOf = ({ body }: Answer) => (body as { value: string }).value;

    const [own, foreign, unmapped, unknown] = [
      await validate(valueOf(mine)),
      await validate(valueOf(theirs)),
      await validate(nobodysKey.value),
      await validate('sk_unknown'),
    ];

    expect(own.body).toMatchObject({ api_key: { owner: { id: 'acme' } } });
    expect([unknown.status, unknown.body]).toEqual([200, { api_key: null }]);
    expect([foreign.status, foreign.text]).toEqual([unknown.status, unknown.text]);
    expect([unmapped.status, unmapped.text]).toEqual([unknown.status, unknown.text]);
  });

  it('of another client’s tenant can be neither deleted nor expired', async () => {
    const id = idOf(await create('globex', rival));

    const tries = [
      [await ask('delete', `/api_keys/${id}`), await ask('delete', `/api_keys/key_${UNKNOWN}`)],
      [
        await ask('post', `/api_keys/${id}/expire`),
        await ask('post', `/api_keys/key_${UNKNOWN}/expire`),
      ],
    ];

    for (const [foreign, unknown] of tries.map((two) => two.map(contentOf)))
      expect([foreign?.[0], foreign]).toEqual([404, unknown]);
    expect(gatehouse.workos.state.apiKeys.has(id)).toBe(true);
  });
});

describe('a secret for the user with an e-mail address', () => {
  it.each(['magic_auth', 'password_reset'])(
    'is not given to the client if a user of others takes the address meanwhile: %s',
    async (what) => {
      const email = `moved-${what}@people.example`;
      const user = await makeUser(gatehouse, [acme], { email });
      const lookUp = 'GET /user_management/organization_memberships';

      const [sent] = await interleave(
        pauseCall(gatehouse.workos, lookUp),
        () => ask('post', `/user_management/${what}`, { email }),
        async () => {
          const moved = { email: `former-${email}` };
          await askWorkos(gatehouse, 'PUT', `/user_management/users/${user}`, moved);
          return makeUser(gatehouse, [globex], { email });
        },
      );

      expect(outcomeOf(sent)).toEqual([502, 'upstream_invalid_response']);
      expect(sent.text).not.toMatch(/"(code|password_reset_token)":"[\w-]*\d/);
    },
  );
});

describe('WorkOS’s 404 for an object that the request names besides its tenant', () => {
  it.each<[Method, string, object]>([
    ['put', `/authorization/organizations/acme/roles/org-none/permissions`, { permissions: [] }],
    ['patch', '/authorization/organizations/acme/roles/org-none', { name: 'None' }],
    ['post', INVITATIONS, { email: 'x@acme.example', organization_id: 'acme', role_slug: 'none' }],
    ['post', '/feature-flags/none/targets/acme', {}],
    ['delete', `/organizations/acme/groups/group_${UNKNOWN}`, {}],
  ])('leaves the tenant as it is: %s %s', async (method, path, body) => {
    const answers = [await ask(method, path, body), await ask(method, path, body)];

    for (const one of answers) expect(outcomeOf(one)).toEqual([404, 'not_found']);
    const [tenant] = await gatehouse.database.superuser(
      `select status, missing_since from tenants where id = 'acme'`,
    );
    expect(tenant).toEqual({ status: 'active', missing_since: null });
  });
});

describe('a token for widgets', () => {
  it('is refused for a user who is also in tenants of others, whose password it could change', async () => {
    const [own, shared] = [
      await makeUser(gatehouse, [acme]),
      await makeUser(gatehouse, [acme, globex]),
    ];
    const post = async (userId: string, as = client) =>
      gatehouse
        .as(as, await gatehouse.userToken())
        .post('/widgets/token')
        .send({ organization_id: 'acme', user_id: userId });

    const refused = await post(shared);
    const sent = gatehouse.workos.requestsTo('POST /widgets/token').length;
    const given = [await post(own), await post(shared, platform)];

    expect([outcomeOf(refused), sent]).toEqual([[403, 'user_is_shared'], 0]);
    expect(given.map(({ status }) => status)).toEqual([201, 201]);
  });

  it('is only for an IT admin of the tenant', async () => {
    const post = async (claims?: object) => {
      const token = claims && (await gatehouse.userToken({ tenant_id: 'acme', ...claims }));
      return gatehouse
        .as(client, token)
        .post('/widgets/token')
        .send({ organization_id: 'acme', scopes: ['widgets:sso:manage'] });
    };

    expect([
      outcomeOf(await post()),
      outcomeOf(await post({ roles: ['member'] })),
      outcomeOf(await post({ tenant_id: 'globex' })),
      (await post({})).status,
    ]).toEqual([
      [403, 'acting_user_required'],
      [403, 'it_admin_required'],
      [403, 'it_admin_required'],
      201,
    ]);
  });
});

describe('a suspended tenant', () => {
  it('gives nobody access, and access can still be taken away', async () => {
    await gatehouse.provision('initech-quiet');
    const user = await makeUser(gatehouse, [acme]);
    const admin = gatehouse.as(client, await gatehouse.userToken({ tenant_id: 'initech-quiet' }));
    const key = idOf(await ask('post', '/organizations/initech-quiet/api_keys', { name: 'key' }));
    const joined = { user_id: user, organization_id: 'initech-quiet' };
    const member = `${MEMBERSHIPS}/${idOf(await ask('post', MEMBERSHIPS, joined))}`;
    const invited = { email: 'quiet@acme.example', organization_id: 'initech-quiet' };
    const invitation = `${INVITATIONS}/${idOf(await ask('post', INVITATIONS, invited))}`;
    await gatehouse
      .as(platform)
      .patch('/v1/tenants/initech-quiet')
      .send({ status: 'suspended' })
      .expect(200);

    const refused: Answer[] = [
      await ask('post', INVITATIONS, { ...invited, email: 'other@acme.example' }),
      await ask('post', `${invitation}/accept`),
      await ask('post', `${invitation}/resend`),
      await ask('post', MEMBERSHIPS, joined),
      await ask('put', member, { role_slug: 'admin' }),
      await ask('put', `${member}/reactivate`),
      await ask('post', '/organizations/initech-quiet/api_keys', { name: 'other' }),
      await ask('post', `/user_management/users/${user}/api_keys`, {
        name: 'other',
        organization_id: 'initech-quiet',
      }),
      await admin.post('/widgets/token').send({ organization_id: 'initech-quiet' }),
    ];
    const done = [
      await ask('put', `${member}/deactivate`),
      await ask('delete', member),
      await ask('post', `${invitation}/revoke`),
      await ask('delete', `/api_keys/${key}`),
    ];

    expect(refused.map(outcomeOf)).toEqual(refused.map(() => [409, 'tenant_not_active']));
    expect(done.map(({ status }) => status)).toEqual([200, 204, 200, 204]);
  });
});

describe('the secrets of these operations', () => {
  it('are in no log line, no audit row and no other table', async () => {
    const user = await makeUser(gatehouse, [acme]);
    const email = emailOf(user);
    const again = { 'idempotency-key': 'secrets' };
    const admin = gatehouse.as(client, await gatehouse.userToken({ tenant_id: 'acme' }));
    const post = (path: string, body: object) => admin.post(path).set(again).send(body);
    const sent = await post(INVITATIONS, { email: 'secret@acme.example', organization_id: 'acme' });
    const { token } = sent.body as { token: string };
    await get(`${INVITATIONS}/by_token/${token}`).expect(200);
    await get(`${INVITATIONS}/by_token/${token}x`).expect(404);
    const secretsIn = ({ body }: Answer, ...names: string[]): string[] =>
      names.map((name) => (body as Record<string, string>)[name] ?? '');
    const magic = await post('/user_management/magic_auth', { email, invitation_token: token });
    const reset = await post('/user_management/password_reset', { email });
    const [resetToken = '', resetUrl = ''] = secretsIn(
      reset,
      'password_reset_token',
      'password_reset_url',
    );
    const confirmed = await ask('post', '/user_management/password_reset/confirm', {
      token: resetToken,
      new_password: 'canary-of-a-password',
    });
    const key = await post('/organizations/acme/api_keys', { name: 'key' });
    const [value = ''] = secretsIn(key, 'value');
    await ask('post', '/api_keys/validations', { value });
    const widgets = await post('/widgets/token', { organization_id: 'acme' });

    const secrets = [
      ...secretsIn(sent, 'token', 'accept_invitation_url'),
      ...[resetToken, resetUrl, value, 'canary-of-a-password'],
      ...secretsIn(widgets, 'token'),
    ];
    const codes = secretsIn(magic, 'code').map((code) => `"${code}"`);
    expect([sent, magic, reset, confirmed, key, widgets].map(({ status }) => status)).toEqual([
      ...[201, 201, 201, 200, 201, 201],
    ]);
    expect([...secrets, ...codes].filter((one) => one.length < 8)).toEqual([]);
    expect(leaksInLogs(gatehouse, [...secrets, ...codes])).toEqual([]);
    expect(await leaksInDatabase(gatehouse, [...secrets, ...codes])).toEqual([]);
    for (const { headers } of [sent, magic, reset, key, widgets])
      expect(headers['cache-control']).toBe('no-store');
  });
});
