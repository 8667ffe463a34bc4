/** A client learns nothing of users who are not its own, and lets none of them into its tenants. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeUser } from '../support/resource-things.ts';
import type { TestClient } from '../support/test-app.ts';
import {
  ask,
  contentOf,
  emailOf,
  idOf,
  invite,
  INVITATIONS,
  MEMBERSHIPS,
  membershipsOf,
  outcomeOf,
  UNKNOWN,
  useRivals,
} from './attacks-setup.ts';
import {
  acme,
  client,
  gatehouse,
  get,
  globex,
  nobodys,
  platform,
  type ListBody,
} from './resources-setup.ts';

useRivals();

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
