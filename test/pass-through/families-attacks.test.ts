import { beforeAll, describe, expect, it } from '@jest/globals';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import { askWorkos, makeUser } from '../support/resource-things.ts';
import type { TestClient } from '../support/test-app.ts';
import {
  acme,
  client,
  gatehouse,
  get,
  globex,
  nobodys,
  platform,
  useResources,
  type ListBody,
} from './resources-setup.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: unknown;
}

const MEMBERSHIPS = '/user_management/organization_memberships';
const INVITATIONS = '/user_management/invitations';
const UNKNOWN = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

useResources();
/** Of `globex` alone. */
let rival: TestClient;
beforeAll(async () => {
  rival = await gatehouse.createClient({ tenants: ['globex'] });
});

const ask = async (
  method: Method,
  path: string,
  body?: object,
  as: TestClient = client,
): Promise<Answer> => {
  const request = gatehouse.as(as)[method](path);
  return body ? request.send(body) : request;
};
/** All of a reply but what is of the request alone. */
const contentOf = ({ status, text }: Answer) => [
  status,
  text.replace(/"urn:uuid:[0-9a-f-]{36}"/, '""'),
];
const outcomeOf = ({ status, body }: Answer) => [status, (body as { code?: string }).code];
const idOf = ({ body }: Answer): string => (body as { id: string }).id;
const emailOf = (user: string): string => gatehouse.workos.state.users.get(user)?.email ?? '';
/** As an e-mail of WorkOS or its dashboard would. */
const invite = (organization_id: string | undefined, email: string) =>
  askWorkos<{ id: string; token: string; accept_invitation_url: string }>(
    gatehouse,
    'POST',
    INVITATIONS,
    { email, ...(organization_id && { organization_id }) },
  );
const membershipsOf = (user: string) =>
  [...gatehouse.workos.state.organizationMemberships.values()].filter(
    (one) => one.user_id === user,
  );

describe('the memberships of a user, some in tenants of another client', () => {
  let user: string;
  let own: readonly string[];
  let foreign: string;

  beforeAll(async () => {
    user = await makeUser(gatehouse, []);
    const add = (organization: string) => gatehouse.workos.addMembership(organization, user).id;
    const made = [globex, acme, nobodys, acme, globex, acme, globex].map((organization) => ({
      organization,
      id: add(organization),
    }));
    own = made.filter(({ organization }) => organization === acme).map(({ id }) => id);
    foreign = made[4]?.id ?? '';
  });

  const list = (query: string) => get(`${MEMBERSHIPS}?user_id=${user}&${query}`);

  it.each(['asc', 'desc', 'normal'])(
    'are never shown or counted in pages of one, order %s',
    async (order) => {
      const [next, back] =
        order === 'normal' ? (['before', 'after'] as const) : (['after', 'before'] as const);
      const inOrder = order === 'asc' ? own : own.toReversed();
      const pages: ListBody[] = [];
      const page = async (cursor: string) => {
        const res = await list(`limit=1&order=${order}${cursor}`).expect(200);
        pages.push(res.body as ListBody);
        return res.body as ListBody;
      };

      let { list_metadata } = await page('');
      while (pages.length < 3) {
        ({ list_metadata } = await page(`&${next}=${list_metadata[next]}`));
      }
      const last = list_metadata;
      const previous = await page(`&${back}=${last[back]}`);

      expect(pages.slice(0, 3).flatMap(({ data }) => data.map(({ id }) => id))).toEqual(inOrder);
      expect([pages[0]?.list_metadata[back], last[next]]).toEqual([null, null]);
      expect(previous.data.map(({ id }) => id)).toEqual([inOrder[1]]);
      const shown = JSON.stringify(pages);
      expect(shown).not.toMatch(/globex|org_/);
      for (const { id, organization_id } of membershipsOf(user))
        expect([id, shown.includes(id)]).toEqual([id, organization_id === acme]);
    },
  );

  it.each(['after', 'before'])('refuse a foreign cursor `%s` as an unknown one', async (way) => {
    const [hidden, unknown] = [await list(`${way}=${foreign}`), await list(`${way}=om_${UNKNOWN}`)];

    expect([hidden.status, hidden.body]).toMatchObject([422, { errors: [{ field: way }] }]);
    expect(contentOf(hidden)).toEqual(contentOf(unknown));
  });

  it('are as empty for a user elsewhere as for one who does not exist', async () => {
    const elsewhere = await makeUser(gatehouse, [globex]);

    const [hidden, unknown] = [
      await get(`${MEMBERSHIPS}?user_id=${elsewhere}`),
      await get(`${MEMBERSHIPS}?user_id=user_${UNKNOWN}`),
    ];

    expect([hidden.status, hidden.body]).toMatchObject([200, { data: [] }]);
    expect(contentOf(hidden)).toEqual(contentOf(unknown));
  });
});

describe('a user whom the client does not see', () => {
  const join = (user_id: string) => ask('post', MEMBERSHIPS, { user_id, organization_id: 'acme' });

  it('cannot be made a member, and is answered as one who does not exist', async () => {
    const user = await makeUser(gatehouse, [globex]);

    const [hidden, unknown] = [await join(user), await join(`user_${UNKNOWN}`)];

    expect(outcomeOf(hidden)).toEqual([404, 'not_found']);
    expect(contentOf(hidden)).toEqual(contentOf(unknown));
    expect(membershipsOf(user)).toHaveLength(1);
  });

  it.each<[string, () => string[]]>([
    ['a member elsewhere', () => [globex]],
    ['a member of nothing', () => []],
  ])('cannot be made a member by an invitation that the client accepts: %s', async (_, of) => {
    const user = await makeUser(gatehouse, of());
    const sent = await ask('post', INVITATIONS, { email: emailOf(user), organization_id: 'acme' });

    const accepted = await ask('post', `${INVITATIONS}/${idOf(sent)}/accept`);

    expect([sent.status, ...outcomeOf(accepted)]).toEqual([201, 404, 'not_found']);
    const active = membershipsOf(user).filter(({ status }) => status === 'active');
    expect(active).toHaveLength(of().length);
  });

  it('is told apart from nobody neither by an invitation nor by the membership that it makes', async () => {
    const user = await makeUser(gatehouse, [globex], {
      first_name: 'Grace',
      metadata: { of: 'globex' },
    });
    const nobody = 'nobody@elsewhere.example';
    const outcomes = [];
    for (const email of [emailOf(user), nobody]) {
      const sent = await ask('post', INVITATIONS, { email, organization_id: 'acme' });
      const accepted = await ask('post', `${INVITATIONS}/${idOf(sent)}/accept`);
      const code = await ask('post', '/user_management/magic_auth', { email });
      const found = await get(`/user_management/users?email=${email}`);
      outcomes.push([sent.status, contentOf(accepted), contentOf(code), contentOf(found)]);
    }
    const read = await get(`/user_management/users/${user}`);
    const list = await get(`${MEMBERSHIPS}?organization_id=acme&statuses=pending&limit=100`);

    expect(outcomes[0]).toEqual(outcomes[1]);
    expect(read.status).toBe(404);
    expect(list.text).toContain(user);
    expect(list.text).not.toMatch(/Grace|globex/);
  });

  it('gives the client no rights by being invited', async () => {
    const user = await makeUser(gatehouse, []);
    await gatehouse.provision('initech');
    gatehouse.workos.addMembership(acme, user, { status: 'pending' });
    const sent = await invite(acme, emailOf(user));

    const tries = [
      await ask('post', MEMBERSHIPS, { user_id: user, organization_id: 'initech' }),
      await ask('post', `${INVITATIONS}/${sent.id}/accept`),
      await ask('post', '/user_management/magic_auth', { email: emailOf(user) }),
      await ask('post', '/user_management/password_reset', { email: emailOf(user) }),
    ];

    for (const one of tries) expect(outcomeOf(one)).toEqual([404, 'not_found']);
    expect(membershipsOf(user)).toMatchObject([{ status: 'pending' }]);
  });

  it('who is the client’s own becomes a member by an invitation that it accepts', async () => {
    const created = await ask('post', '/user_management/users', { email: 'own@acme.example' });
    const sent = await invite(acme, 'own@acme.example');

    const accepted = await ask('post', `${INVITATIONS}/${sent.id}/accept`);

    expect([accepted.status, membershipsOf(idOf(created))]).toMatchObject([
      200,
      [{ organization_id: acme }],
    ]);
  });
});

describe('a user who is also a member elsewhere', () => {
  it('is shared already when only invited there: the client could accept in their name', async () => {
    const user = await makeUser(gatehouse, [acme]);
    await invite(globex, emailOf(user));

    const code = await ask('post', '/user_management/magic_auth', { email: emailOf(user) });

    expect(outcomeOf(code)).toEqual([403, 'user_is_shared']);
  });

  it('is reported as shared where a secret would let its holder act as the user', async () => {
    const user = await makeUser(gatehouse, [acme, globex]);
    const email = emailOf(user);
    const ofUser = `/user_management/users/${user}/email_verification`;
    const before = gatehouse.workos.requests.length;

    const tries = [
      await ask('post', '/user_management/magic_auth', { email }),
      await ask('post', '/user_management/magic_auth', { email: email.toUpperCase() }),
      await ask('post', '/user_management/password_reset', { email }),
      await ask('post', `${ofUser}/send`),
      await ask('post', `${ofUser}/confirm`, { code: '123456' }),
    ];

    for (const one of tries) expect(outcomeOf(one)).toEqual([403, 'user_is_shared']);
    const asked = gatehouse.workos.requests.slice(before).map(({ method }) => method);
    expect(new Set(asked)).toEqual(new Set(['GET']));
  });
});

describe('an invitation with a role that does not exist', () => {
  it('is refused for the role, not for the invitation', async () => {
    const fields = {
      email: 'role@acme.example',
      organization_id: 'acme',
      role_slug: 'no-such-role',
    };

    const refused = await ask('post', INVITATIONS, fields);

    expect([refused.status, refused.body]).toMatchObject([
      404,
      { code: 'not_found', detail: 'There is no such role for this client.' },
    ]);
  });
});

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

describe('an invitation without an organization', () => {
  it('is invisible to a client that may not use every tenant', async () => {
    const { id, token } = await invite(undefined, 'loose@people.example');
    const seenBy = async (as: TestClient) => [
      (await get(`${INVITATIONS}/${id}`, as)).status,
      (await get(`${INVITATIONS}/by_token/${token}`, as)).status,
      (await get(`${INVITATIONS}?email=loose@people.example`, as)).status,
      (await get(`${INVITATIONS}?organization_id=acme&limit=100`, as)).text.includes(id),
      (await ask('post', `${INVITATIONS}/${id}/revoke`, undefined, as)).status,
    ];

    expect(await seenBy(client)).toEqual([404, 404, 422, false, 404]);
    expect(gatehouse.workos.state.invitations.get(id)).toMatchObject({ state: 'pending' });
    expect(await seenBy(platform)).toEqual([200, 200, 200, false, 200]);
  });

  it('cannot be made by such a client', async () => {
    const sent = await ask('post', INVITATIONS, { email: 'new@people.example' });

    expect(outcomeOf(sent)).toEqual([422, 'organization_id_required']);
  });
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
