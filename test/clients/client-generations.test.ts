import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { operator } from '../../src/cli/operator.ts';
import type { NewClient } from '../../src/clients/registration.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { insertEvents } from '../../src/events/inbox/store.ts';
import { startWorker } from '../../src/process/worker.ts';
import { interleave, pauseCall } from '../support/interleave.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import {
  connect,
  createBrowser,
  exchange,
  grant,
  login,
  organizationOf,
  profileOf,
  REDIRECT_URI,
  signIn,
} from '../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { workosEvent } from '../support/workos-events.ts';
import { waitFor } from '../support/wait-for.ts';

let gatehouse: TestApp;
let receiver: Receiver;
let registry: ReturnType<typeof createClientRegistry>;

beforeAll(async () => {
  receiver = await startReceiver();
  gatehouse = await startTestApp({
    replicas: 2,
    env: { WEBHOOK_ENDPOINT_ORIGINS: 'http://127.0.0.1:*' },
  });
  gatehouse.workos.redirectUris.add('https://gatehouse.example.com/sso/callback');
  registry = createClientRegistry(gatehouse.database.db);
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
});
afterEach(() => gatehouse.workos.clearFaults());
afterAll(async () => {
  await gatehouse.stop();
  await receiver.stop();
});

/** A client of its own id, registered for the first time. */
const register = (fields: Partial<NewClient> = {}): Promise<TestClient> =>
  gatehouse.createClient({
    id: `team-${randomUUID().slice(0, 8)}`,
    tenants: ['acme'],
    redirectUris: [REDIRECT_URI],
    ...fields,
  });

/** The id goes to another team. */
async function registerAgain({ id }: TestClient, fields: Partial<NewClient> = {}) {
  await registry.delete(operator('test'), id);
  return register({ id, ...fields });
}

/** As an older release deletes and registers a client: what the one before had is left. */
async function registerAgainAsBefore({ id }: TestClient): Promise<TestClient> {
  await gatehouse.database.superuser(
    'update clients set generation = default, created_at = now() where id = $1',
    [id],
  );
  const { key } = await registry.rotateKey(operator('test'), id, { seconds: null });
  return { id, key: key.reveal() };
}

/** Each row that names the client, in all tables that belong to clients. */
const rowsOf = async ({ id }: TestClient): Promise<Record<string, number>> => {
  const tables = ['webhook_endpoints', 'owned_objects', 'sign_ins', 'idempotency_keys'];
  const counts = await Promise.all(
    tables.map(async (table) => {
      const sql = `select count(*)::int as rows from ${table} where client_id = $1`;
      const [row] = await gatehouse.database.superuser<{ rows: number }>(sql, [id]);
      return [table, row?.rows] as const;
    }),
  );
  return Object.fromEntries(counts) as Record<string, number>;
};

const addEndpoint = (client: TestClient, path: string, replica = 0) =>
  gatehouse
    .as(client, undefined, replica)
    .post('/webhook_endpoints')
    .send({ endpoint_url: receiver.url + path, events: ['connection.activated'] });
const enroll = (client: TestClient, replica = 0) =>
  gatehouse
    .as(client, undefined, replica)
    .post('/auth/factors/enroll')
    .send({ type: 'totp', totp_issuer: 'Product', totp_user: 'ada@acme.example' });
const factor = (client: TestClient, id: string, replica = 0) =>
  gatehouse.as(client, undefined, replica).get(`/auth/factors/${id}`);
const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id;

async function profileIdOf(client: TestClient): Promise<string> {
  const { code } = await signIn(gatehouse, client);
  const { body } = await exchange(gatehouse, grant(client, code));
  return (body.profile as { id: string }).id;
}
const signOut = (client: TestClient, profileId: string, replica = 0) =>
  gatehouse
    .as(client, undefined, replica)
    .post('/sso/logout/authorize')
    .send({ profile_id: profileId });

describe('a client id that is deleted and registered again', () => {
  it('has none of the endpoints of the client before, and nothing is delivered to them', async () => {
    const old = await register();
    const endpoint = idOf(await addEndpoint(old, '/old').expect(201));

    const team = await registerAgainAsBefore(old);
    const own = idOf(await addEndpoint(team, '/new', 1).expect(201));
    const worker = await startWorker(
      { ...gatehouse.config, adminPort: 0 },
      pino({ level: 'silent' }),
    );
    const organization_id = await organizationOf(gatehouse, 'acme');
    const event = workosEvent('connection.activated', { id: 'conn_1', organization_id });
    await insertEvents(gatehouse.database.db, [event], 'feed');
    await waitFor(() => receiver.on('/new').length > 0);
    await worker.stop();

    expect(receiver.on('/old')).toEqual([]);
    for (const replica of [0, 1]) {
      const agent = gatehouse.as(team, undefined, replica);
      const list = await agent.get('/webhook_endpoints').expect(200);
      expect((list.body as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual([own]);
      await agent.delete(`/webhook_endpoints/${endpoint}`).expect(404);
      await agent.patch(`/webhook_endpoints/${endpoint}`).send({}).expect(404);
      await agent.post(`/v1/webhook-endpoints/${endpoint}/rotate-secret`).expect(404);
      await agent.get(`/v1/webhook-endpoints/${endpoint}/deliveries`).expect(404);
    }
  });

  it('may use a URL that the client before had', async () => {
    const old = await register();
    await addEndpoint(old, '/same').expect(201);
    const team = await registerAgainAsBefore(old);

    await addEndpoint(team, '/same', 1).expect(201);
    await addEndpoint(team, '/same').expect(409);
  });

  it('may use and move to URLs that an older release left to the client before', async () => {
    const old = await register();
    await addEndpoint(old, '/left').expect(201);
    await addEndpoint(old, '/left-too').expect(201);
    await gatehouse.database.superuser(
      'update webhook_endpoints set client_generation = null where client_id = $1',
      [old.id],
    );
    const team = await registerAgainAsBefore(old);

    const moving = await addEndpoint(team, '/left').expect(201);
    const moved = await gatehouse
      .as(team)
      .patch(`/webhook_endpoints/${idOf(moving)}`)
      .send({ endpoint_url: `${receiver.url}/left-too` });

    expect([moved.status, idOf(moved)]).toEqual([200, idOf(moving)]);
    const listed = await gatehouse.as(team).get('/webhook_endpoints');
    expect((listed.body as { data: unknown[] }).data).toHaveLength(1);
  });

  it('is told of its own acts only, when it asks the audit trail for them', async () => {
    const grantRole = (by: TestClient, user: string) =>
      gatehouse.as(by).put(`/v1/tenants/acme/it-admins/${user}`).send({ state: 'granted' });
    const old = await register();
    await grantRole(old, 'ona').expect(201);
    const team = await registerAgain(old);
    await grantRole(team, 'pia').expect(201);
    const users = async (query: string) => {
      const res = await gatehouse.as(team).get(`/v1/audit-trail?${query}`).expect(200);
      const { data } = res.body as { data: { client_id: string; details: { user?: string } }[] };
      return data.filter((act) => act.client_id === team.id).map(({ details }) => details.user);
    };

    expect(await users(`client_id=${team.id}`)).toEqual(['pia']);
    // What was done to the tenant is no client's own.
    expect((await users('tenant_id=acme')).toSorted()).toEqual(['ona', 'pia']);
  });

  it('sees and deletes none of its factors, though an older release wrote them', async () => {
    const old = await register();
    const [kept, older] = [idOf(await enroll(old)), idOf(await enroll(old))];
    await gatehouse.database.superuser(
      'update owned_objects set client_generation = null where id = $1',
      [older],
    );
    await factor(old, older, 1).expect(200);

    const team = await registerAgainAsBefore(old);

    for (const id of [kept, older])
      for (const replica of [0, 1]) {
        await factor(team, id, replica).expect(404);
        await gatehouse.as(team, undefined, replica).delete(`/auth/factors/${id}`).expect(404);
      }
  });

  it('may not sign out whom the client before has signed in', async () => {
    const old = await register();
    const profileId = await profileIdOf(old);
    await signOut(old, profileId, 1).expect(400);

    const team = await registerAgainAsBefore(old);

    await signOut(team, profileId).expect(404);
    await signOut(team, profileId, 1).expect(404);
    expect(await profileIdOf(team)).toBe(profileId);
    await signOut(team, profileId, 1).expect(400);
  });

  it('is not answered what the client before was answered', async () => {
    const old = await register();
    const put = (client: TestClient, replica: number) =>
      gatehouse
        .as(client, undefined, replica)
        .put('/v1/tenants/acme/it-admins/ida')
        .set('idempotency-key', 'the-same')
        .send({ state: 'granted' });
    await put(old, 0).expect(201);

    const team = await registerAgainAsBefore(old);

    await put(team, 1).expect(200);
    await put(team, 0).expect(200);
  });

  it('finds nothing of what it left in any table', async () => {
    const old = await register();
    await addEndpoint(old, '/left').expect(201);
    await enroll(old).expect(201);
    await profileIdOf(old);
    await gatehouse
      .as(old)
      .put('/v1/tenants/acme/it-admins/ida')
      .set('idempotency-key', 'left')
      .send({ state: 'granted' });
    const nothing = { webhook_endpoints: 0, owned_objects: 0, sign_ins: 0, idempotency_keys: 0 };
    const one = { webhook_endpoints: 1, owned_objects: 1, sign_ins: 1, idempotency_keys: 1 };
    expect(await rowsOf(old)).toEqual(one);

    await registry.delete(operator('test'), old.id);
    expect(await rowsOf(old)).toEqual(nothing);
  });

  it('is registered without what an older release left', async () => {
    const old = await register();
    await addEndpoint(old, '/left').expect(201);
    await enroll(old).expect(201);

    await gatehouse.database.superuser('delete from clients where id = $1', [old.id]);
    const team = await register({ id: old.id });

    expect(await rowsOf(team)).toMatchObject({ webhook_endpoints: 0, owned_objects: 0 });
  });
});

describe('a login under way while its client is registered again', () => {
  it('ends at the callback, also by a magic link', async () => {
    const old = await register();
    const { browser, back } = await login(gatehouse, old);
    const session = await gatehouse
      .as(old)
      .post('/passwordless/sessions')
      .send({ type: 'MagicLink', email: 'ada@acme.example' })
      .expect(201);
    await registerAgain(old);

    const page = await browser.get(back, { url: gatehouse.urls[1] ?? '' });
    const link = await fetch((session.body as { link: string }).link, { redirect: 'manual' });
    const mail = await createBrowser(gatehouse).get(link.headers.get('location') ?? '');

    expect([page.status, page.location]).toEqual([400, undefined]);
    expect([mail.status, mail.location]).toEqual([400, undefined]);
  });

  it('gives no profile for its code, and the code is not spent', async () => {
    const old = await register();
    const { code } = await signIn(gatehouse, old);
    const team = await registerAgain(old);
    const asked = gatehouse.workos.requestsTo('POST /sso/token').length;

    const refused = await exchange(gatehouse, grant(team, code), { url: gatehouse.urls[1] ?? '' });

    expect([refused.status, refused.body]).toMatchObject([400, { error: 'invalid_grant' }]);
    expect(gatehouse.workos.requestsTo('POST /sso/token')).toHaveLength(asked);
  });

  it('gives no profile for its access token', async () => {
    const old = await register();
    const { code } = await signIn(gatehouse, old);
    const { body } = await exchange(gatehouse, grant(old, code));
    expect((await profileOf(gatehouse, String(body.access_token))).status).toBe(200);

    await registerAgain(old);

    expect((await profileOf(gatehouse, String(body.access_token))).status).toBe(401);
  });
});

describe('a request under way while its client is registered again', () => {
  /** Stops the old client's call at WorkOS, and registers its id for another team meanwhile. */
  const during = async <T>(operation: string, old: TestClient, call: () => PromiseLike<T>) =>
    interleave(pauseCall(gatehouse.workos, operation, 'after-effect'), call, () =>
      registerAgain(old),
    );

  it('makes no factor for the new client', async () => {
    const old = await register();

    const [made, team] = await during('POST /auth/factors/enroll', old, () => enroll(old));

    // Nobody could ever use it: it is deleted at WorkOS again.
    expect([made.status, made.body]).toMatchObject([401, { code: 'unauthenticated' }]);
    const deleted = gatehouse.workos.requestsTo('DELETE /auth/factors/*').at(-1);
    const id = String(deleted?.path.split('/').at(-1));
    await factor(team, id).expect(404);
    await factor(team, id, 1).expect(404);
  });

  it('signs nobody in for the new client', async () => {
    const old = await register();
    const { code } = await signIn(gatehouse, old);

    const [answer, team] = await during('POST /sso/token', old, () =>
      exchange(gatehouse, grant(old, code)),
    );

    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant']);
    expect(
      await gatehouse.database.superuser('select 1 from sign_ins where client_id = $1', [team.id]),
    ).toEqual([]);
  });

  it('leaves no answer for the new client’s key', async () => {
    const old = await register({ tenants: ['acme', 'made-*'] });
    const put = (client: TestClient, name: string, replica = 0) =>
      gatehouse
        .as(client, undefined, replica)
        .put('/v1/tenants/made-by-old')
        .set('idempotency-key', 'under-way')
        .send({ name });

    const [first, team] = await during('POST /organizations', old, () => put(old, 'Made'));
    expect(first.status).toBe(201);

    // Another client's tenant, and not an answer of the time before.
    await put(team, 'Made', 1).expect(404);
  });
});
