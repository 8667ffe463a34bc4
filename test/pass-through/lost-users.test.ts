/** Users whose creation WorkOS carried out although the answer never arrived. */
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createLatch } from '../support/latch.ts';
import { askWorkos, makeUser } from '../support/resource-things.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const USERS = '/user_management/users';
const CREATE = `POST ${USERS}`;

const gatehouse = useGatehouse();
/** Both may use `acme` only. */
let client: TestClient;
let sibling: TestClient;
beforeAll(async () => {
  client = await gatehouse.createClient({ tenants: ['acme'] });
  sibling = await gatehouse.createClient({ tenants: ['acme'] });
  await gatehouse.provision('acme');
});
afterEach(() => gatehouse.workos.clearFaults());

const create = async (email: string, as = client) => {
  const res = await gatehouse.as(as).post(USERS).send({ email });
  const { errors } = res.body as { readonly errors?: readonly { readonly code: string }[] };
  return { status: res.status, code: errors?.[0]?.code };
};
const found = async (email: string, as = client) => {
  const res = await gatehouse.as(as).get(USERS).query({ email });
  const { data } = res.body as { readonly data: readonly { readonly id: string }[] };
  return data.map(({ id }) => id);
};
const loseAnswer = () =>
  gatehouse.workos.fault(CREATE, { kind: 'after-effect-reset' }, { times: 1 });
const failBefore = () =>
  gatehouse.workos.fault(CREATE, { kind: 'status', status: 500 }, { times: 1 });
const intents = () =>
  gatehouse.database.superuser(`select id from owned_objects where id like 'intent:%'`);
const TAKEN = { status: 400, code: 'email_not_available' };

describe('a user whose creation was not answered', () => {
  it('belongs to its creator once the creation is repeated, which WorkOS refuses', async () => {
    loseAnswer();
    const first = await create('ada@lost.example');
    const second = await create('Ada@lost.example');

    const [id = ''] = await found('ada@lost.example');
    const changed = await gatehouse.as(client).put(`${USERS}/${id}`).send({ first_name: 'Ada' });

    expect(first.status).toBe(502);
    expect(second).toEqual(TAKEN);
    expect([changed.status, (changed.body as { email: string }).email]).toEqual([
      200,
      'ada@lost.example',
    ]);
    expect(await intents()).toEqual([]);
    expect(
      await gatehouse.database.superuser(
        `select outcome, details->>'claimed' as claimed from audit_trail
         where operation = 'createUser' order by id desc limit 1`,
      ),
    ).toEqual([{ outcome: 'failed', claimed: id }]);
    expect((await gatehouse.as(client).delete(`${USERS}/${id}`)).status).toBe(204);
  });

  it('does not become another client’s that repeats it', async () => {
    loseAnswer();
    await create('bob@lost.example');

    expect(await create('bob@lost.example', sibling)).toEqual(TAKEN);
    expect(await found('bob@lost.example', sibling)).toEqual([]);
    expect(await create('bob@lost.example')).toEqual(TAKEN);
    expect(await found('bob@lost.example')).toHaveLength(1);
  });

  it('becomes nobody’s if two clients attempted it at the same time, for only one of them created it', async () => {
    loseAnswer();
    await create('one@lost.example', sibling);
    failBefore();
    await create('one@lost.example');

    for (const each of [client, sibling, client]) {
      expect(await create('one@lost.example', each)).toEqual(TAKEN);
      expect(await found('one@lost.example', each)).toEqual([]);
    }
  });

  it('is its creator’s although a client attempted it at another time', async () => {
    failBefore();
    await create('two@lost.example');
    await gatehouse.database.superuser(
      `update owned_objects set created_at = now() - interval '5 minutes' where id like 'intent:%'`,
    );
    loseAnswer();
    await create('two@lost.example', sibling);

    expect(await create('two@lost.example', sibling)).toEqual(TAKEN);
    expect(await found('two@lost.example', sibling)).toHaveLength(1);
  });

  it('does not become the client’s if it was there before', async () => {
    const id = await makeUser(gatehouse, []);
    const user = gatehouse.workos.state.users.get(id);
    const email = user?.email ?? '';
    if (user)
      gatehouse.workos.state.users.set(id, {
        ...user,
        created_at: new Date(Date.now() - 5_000).toISOString(),
      });
    failBefore();

    expect((await create(email)).status).toBe(502);
    expect(await create(email)).toEqual(TAKEN);
    expect(await found(email)).toEqual([]);
  });

  it.each(['', 'soon', '0000-01-01T00:00:00.000Z', '2026-13-01T00:00:00.000Z'])(
    'is a wrong answer of WorkOS if it was created at “%s”',
    async (created_at) => {
      const email = `at-${created_at.length}@lost.example`;
      loseAnswer();
      await create(email);
      const [user] = [...gatehouse.workos.state.users.values()].filter(
        (one) => one.email === email,
      );
      const body = { object: 'list', data: [{ ...user, created_at }], list_metadata: {} };
      gatehouse.workos.fault(`GET ${USERS}`, { kind: 'status', status: 200, body }, { times: 1 });

      expect((await create(email)).status).toBe(502);
      expect(await create(email)).toEqual(TAKEN);
      expect(await found(email)).toHaveLength(1);
    },
  );

  it('does not become the client’s if it was created long after', async () => {
    failBefore();
    await create('late@lost.example');
    await gatehouse.database.superuser(
      `update owned_objects set created_at = now() - interval '5 minutes' where id like 'intent:%'`,
    );
    await askWorkos(gatehouse, 'POST', USERS, { email: 'late@lost.example' });

    expect(await create('late@lost.example')).toEqual(TAKEN);
    expect(await found('late@lost.example')).toEqual([]);
  });

  it('is answered to the request that created it, if an equal one was refused meanwhile', async () => {
    const gate = createLatch();
    const reached = createLatch();
    const hold = { kind: 'hold', until: gate.opened, onReached: reached.open } as const;
    gatehouse.workos.fault(CREATE, hold, { times: 1 });
    const first = create('twice@lost.example');
    await reached.opened;

    expect(await create('twice@lost.example')).toEqual(TAKEN);
    gate.open();

    expect((await first).status).toBe(201);
    expect(await found('twice@lost.example')).toHaveLength(1);
  });

  it('stays with its owner, if a sibling created it while the client’s attempt failed', async () => {
    failBefore();
    await create('eve@lost.example');
    expect((await create('eve@lost.example', sibling)).status).toBe(201);

    expect(await create('eve@lost.example')).toEqual(TAKEN);
    expect(await found('eve@lost.example')).toEqual([]);
    expect(await found('eve@lost.example', sibling)).toHaveLength(1);
  });
});

describe('a creation that WorkOS refuses', () => {
  it('is not remembered, and asks WorkOS for no user', async () => {
    const before = gatehouse.workos.requests.length;
    const open = await intents();

    const answer = await create('not an address');

    expect(answer.status).toBe(400);
    expect(gatehouse.workos.requests.slice(before).map(({ method }) => method)).toEqual(['POST']);
    expect(await intents()).toEqual(open);
  });
});
