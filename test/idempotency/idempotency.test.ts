import { beforeAll, describe, expect, it } from '@jest/globals';
import supertest, { type Response } from 'supertest';
import { waitFor } from '../support/wait-for.ts';
import { createLatch } from '../support/latch.ts';
import { leaksInDatabase } from '../support/leaks.ts';
import { REDIRECT_URI } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse({ replicas: 2 });
let client: TestClient;
let admin: string;
beforeAll(async () => {
  client = await gatehouse.createClient();
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
});

const CREATE = 'POST /organizations';
const put = (key: string, id: string, body: object = { name: id }, by = client) =>
  gatehouse.as(by).put(`/v1/tenants/${id}`).set('idempotency-key', key).send(body);
const launch = (key: string, body: object = {}, by = client, token = admin) =>
  gatehouse
    .as(by, token)
    .post('/v1/portal-launches')
    .set('idempotency-key', key)
    .send({ tenant_id: 'acme', intent: 'sso', ...body });
/** What a caller compares: the request id is of the request, not of the answer. */
const answer = ({ status, text }: Response) => ({ status, text });

describe('Idempotency-Key', () => {
  it('answers a repetition as the first time, status and all, a hundred times of a hundred', async () => {
    const first = await put('again', 'again');
    const asked = gatehouse.workos.requests.length;
    await gatehouse.as(client).patch('/v1/tenants/again').send({ status: 'suspended' });

    const replays = await Promise.all(Array.from({ length: 100 }, () => put('again', 'again')));

    expect(first.status).toBe(201);
    expect(replays.map(answer)).toEqual(replays.map(() => answer(first)));
    expect(gatehouse.workos.requests).toHaveLength(asked);
  });

  it('is honoured by every replica', async () => {
    const first = await put('replicas', 'replicas');

    const second = await supertest(gatehouse.urls[1] ?? '')
      .put('/v1/tenants/replicas')
      .set('authorization', `Bearer ${client.key}`)
      .set('idempotency-key', 'replicas')
      .send({ name: 'replicas' });

    expect(answer(second)).toEqual(answer(first));
  });

  it.each([
    ['another body', () => put('reused', 'reused', { name: 'Another' })],
    ['another tenant', () => put('reused', 'reused-too', { name: 'reused' })],
    [
      'another operation',
      () =>
        gatehouse
          .as(client)
          .put('/v1/tenants/reused/it-admins/ada')
          .set('idempotency-key', 'reused')
          .send({ state: 'granted' }),
    ],
  ])('is refused for %s', async (_what, call) => {
    await put('reused', 'reused');

    const res = await call();

    expect([res.status, res.body]).toMatchObject([422, { code: 'idempotency_key_reused' }]);
    expect((await gatehouse.as(client).get('/v1/tenants/reused')).body).toMatchObject({
      name: 'reused',
    });
  });

  it('is refused for another acting user', async () => {
    await launch('of-a-user').expect(201);

    const res = await launch('of-a-user', {}, client, await gatehouse.userToken({ sub: 'grace' }));

    expect([res.status, res.body]).toMatchObject([422, { code: 'idempotency_key_reused' }]);
  });

  it('of one client says nothing about another’s', async () => {
    const other = await gatehouse.createClient();
    await put('shared', 'shared-one').expect(201);

    const res = await put('shared', 'shared-two', { name: 'Two' }, other);

    expect([res.status, res.body]).toMatchObject([201, { id: 'shared-two' }]);
  });

  it('answers 409 while the first request is under way', async () => {
    const gate = createLatch();
    gatehouse.workos.fault(CREATE, { kind: 'hold', until: gate.opened }, { times: 1 });
    const first = put('running', 'running').then((res) => res);
    await waitFor(() =>
      gatehouse.workos
        .requestsTo(CREATE)
        .some(({ body }) => (body as { name: string }).name === 'running'),
    );

    const second = await put('running', 'running');
    const other = await put('running', 'running', { name: 'Other' });
    gate.open();

    expect([second.status, second.body]).toMatchObject([409, { code: 'idempotency_key_in_use' }]);
    expect(second.headers['retry-after']).toMatch(/^\d+$/);
    expect(other.status).toBe(422);
    const done = await first;
    expect(answer(await put('running', 'running'))).toEqual(answer(done));
  });

  it('lets one of many simultaneous requests through', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => launch('at-once')));

    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    const rows = await gatehouse.database.superuser(`select 1 from portal_launches where id = $1`, [
      (made[0]?.body as { id: string } | undefined)?.id,
    ]);
    expect(rows).toHaveLength(1);
  });

  it('means the same in quotes and without', async () => {
    const bare = await put('quoted-or-not', 'quoted');

    const quoted = await put('"quoted-or-not"', 'quoted');

    expect(answer(quoted)).toEqual(answer(bare));
  });

  it.each([
    'x'.repeat(255),
    `"${'x'.repeat(253)}"`,
    '8e03978e-40d5-43dd-bc93-6894a57f9324',
    '"a key"',
  ])('may be %s', async (key) => {
    const res = await put(key, `key-${key.length}-${key.startsWith('"')}`);

    expect(res.status).toBe(201);
  });

  it.each([
    '',
    '""',
    'x'.repeat(256),
    `"${'x'.repeat(255)}"`,
    'a b',
    '"unclosed',
    'a"b',
    'a,b',
    'caf\u00e9',
    '"a\\"b"',
  ])('is malformed as %j', async (key) => {
    const res = await put(key, 'malformed');

    expect([res.status, res.body]).toMatchObject([
      400,
      { code: 'invalid_idempotency_key', errors: [{ field: 'idempotency-key' }] },
    ]);
    expect((await gatehouse.as(client).get('/v1/tenants/malformed')).status).toBe(404);
  });

  it('is free again after a failure', async () => {
    gatehouse.workos.fault(CREATE, { kind: 'status', status: 500 }, { times: 1 });

    const failed = await put('retried', 'retried');
    const retried = await put('retried', 'retried');

    expect([failed.status, retried.status]).toEqual([502, 200]);
  });

  it('is free again when its holder is dead', async () => {
    await put('dead', 'dead').expect(201);
    await gatehouse.database.superuser(
      `update idempotency_keys set answer = null, lease_until = now() - interval '1 second' where key_sha256 = sha256('dead')`,
    );

    const res = await put('dead', 'dead');

    expect(res.status).toBe(200);
  });

  describe('whose holder died without an answer', () => {
    const dies = (key: string) =>
      gatehouse.database.superuser(
        `update idempotency_keys set answer = null, lease_until = now() - interval '1 second'
         where key_sha256 = sha256($1)`,
        [Buffer.from(key)],
      );
    const launches = async () =>
      (await gatehouse.database.superuser('select 1 from portal_launches')).length;

    it('names what a POST has made, and makes it no second time', async () => {
      const first = await launch('lost').expect(201);
      const before = await launches();
      await dies('lost');

      const again = [await launch('lost'), await launch('lost')];

      const { id } = first.body as { id: string };
      expect(again.map(({ status, body }) => [status, body as unknown])).toMatchObject([
        [409, { code: 'idempotent_replay', id }],
        [409, { code: 'idempotent_replay', id }],
      ]);
      expect(await launches()).toBe(before);
    });

    it('lets one of many repetitions through if the POST had done nothing', async () => {
      await launch('undone').expect(201);
      await gatehouse.database.superuser(
        `update idempotency_keys set request_id = 'another' where key_sha256 = sha256('undone')`,
      );
      await dies('undone');

      const answers = await Promise.all(Array.from({ length: 10 }, () => launch('undone')));

      expect(answers.map(({ status }) => status).toSorted()).toEqual([
        201,
        ...Array<number>(9).fill(409),
      ]);
    });

    it('is still refused for another body', async () => {
      await launch('died-for-another').expect(201);
      await dies('died-for-another');

      const res = await launch('died-for-another', { intent: 'dsync' });

      expect([res.status, res.body]).toMatchObject([422, { code: 'idempotency_key_reused' }]);
    });
  });

  it('is remembered for a day', async () => {
    const age = (interval: string) =>
      gatehouse.database.superuser(
        `update idempotency_keys set created_at = now() - interval '${interval}' where key_sha256 = sha256('aged')`,
      );
    await put('aged', 'aged').expect(201);

    await age('23 hours 59 minutes');
    const young = await put('aged', 'aged');
    await age('24 hours 1 second');
    const old = await put('aged', 'aged', { name: 'Other' });

    expect([young.status, old.status]).toEqual([201, 200]);
  });

  it('does not answer a caller who may no longer ask', async () => {
    const passing = await gatehouse.createClient({ id: 'passing' });
    await put('authorized', 'authorized', { name: 'A' }, passing).expect(201);
    await gatehouse.database.superuser(
      `update clients set scopes = '{tenants:read}' where id = 'passing'`,
    );
    await gatehouse.database.superuser(`notify gatehouse`);

    const status = await waitFor(async () => {
      const res = await put('authorized', 'authorized', { name: 'A' }, passing);
      return res.status === 201 ? undefined : res.status;
    });

    expect(status).toBe(403);
  });

  it('answers a launch once; after that it names the launch and keeps its ticket', async () => {
    const first = await launch('ticket');
    const replay = await launch('ticket');

    const { id, url } = first.body as { id: string; url: string };
    expect(first.status).toBe(201);
    expect([replay.status, replay.body]).toMatchObject([409, { code: 'idempotent_replay', id }]);
    expect(replay.text).not.toContain(url.split('ticket=')[1]);
  });

  it('leaves nothing secret in the database, and not itself either', async () => {
    const res = await launch('canary-key');
    const ticket = (res.body as { url: string }).url.split('ticket=')[1] ?? '';

    const rows = await gatehouse.database.superuser<{ row: string }>(
      'select k::text as row from idempotency_keys k',
    );
    const dump = rows.map(({ row }) => row).join('\n');

    expect(ticket).toHaveLength(43);
    expect(dump).not.toContain(ticket);
    expect(dump).not.toContain(Buffer.from('canary-key').toString('hex'));
    expect(dump).not.toContain('canary-key');
  });

  it('answers an authorization URL again, and stores neither its state nor its nonce', async () => {
    const signing = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
    const [state, nonce] = ['canary-of-the-state', 'canary-of-the-nonce'];
    const create = (fields: object) =>
      gatehouse
        .as(signing)
        .post('/v1/sso/authorization-urls')
        .set('idempotency-key', 'authorization-url')
        .send({ organization: 'acme', redirect_uri: REDIRECT_URI, state, nonce, ...fields });

    const [first, again, other] = [
      await create({}),
      await create({}),
      await create({ nonce: '2' }),
    ];
    const leaks = await leaksInDatabase(gatehouse, [state, nonce]);

    expect(first.body).toMatchObject({ url: expect.stringContaining(state) });
    expect(answer(again)).toEqual(answer(first));
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(leaks).toEqual([]);
  });

  it('answers what was done, even if the answer cannot be stored', async () => {
    const trigger = `create or replace function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'canary' using errcode = '53100'; end $$`;
    await gatehouse.database.superuser(trigger);
    await gatehouse.database.superuser(
      'create trigger refuse before update of answer on idempotency_keys for each row execute function refuse()',
    );
    const res = await put('unstored', 'unstored');
    await gatehouse.database.superuser('drop trigger refuse on idempotency_keys');

    const again = await put('unstored', 'unstored');

    expect([res.status, again.body]).toMatchObject([201, { code: 'idempotency_key_in_use' }]);
  });

  it('survives a restart', async () => {
    const first = await put('restarted', 'restarted');
    const replica = await gatehouse.startReplica();

    const replay = await supertest(`http://127.0.0.1:${replica.port}`)
      .put('/v1/tenants/restarted')
      .set('authorization', `Bearer ${client.key}`)
      .set('idempotency-key', 'restarted')
      .send({ name: 'restarted' });

    expect(answer(replay)).toEqual(answer(first));
  });
});
