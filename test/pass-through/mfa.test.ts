import { beforeAll, describe, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { totpCode } from '../../src/dev/fake-workos/mfa/totp.ts';
import { bodyOf, resourceOperations } from '../support/operations.ts';
import { askWorkos } from '../support/resource-things.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';

interface Answered {
  readonly status: number;
  readonly body: unknown;
}
interface Made {
  readonly id: string;
  readonly code?: string;
  readonly totp?: Readonly<Record<string, string>>;
}

const gatehouse = useGatehouse();
/** Two tenants: `acme` and `globex`. */
let client: TestClient;
/** The same rights. */
let sibling: TestClient;
/** Every right. */
let platform: TestClient;
let ada: string;
let gus: string;

beforeAll(async () => {
  client = await gatehouse.createClient({ tenants: ['acme', 'globex'] });
  sibling = await gatehouse.createClient({ tenants: ['acme', 'globex'] });
  platform = await gatehouse.createClient();
  await gatehouse.provision('acme');
  await gatehouse.provision('globex');
  await gatehouse.provision('initech');
  ada = await gatehouse.userToken();
  gus = await gatehouse.userToken({ sub: 'gus', tenant_id: 'globex' });
});

const post = async (path: string, body: object, as = client, user?: string): Promise<Answered> =>
  gatehouse.as(as, user).post(path).send(body);
const get = async (path: string, as = client, user?: string): Promise<Answered> =>
  gatehouse.as(as, user).get(path);
const enroll = (body: object, as = client, user?: string) =>
  post('/auth/factors/enroll', body, as, user);
const made = ({ status, body }: Answered): Made => {
  expect([status, body]).toMatchObject([201, { id: expect.any(String) }]);
  return body as Made;
};
const rowsOf = (id: string) =>
  gatehouse.database.superuser('select client_id, tenant_id from owned_objects where id = $1', [
    id,
  ]);

describe('an authentication factor', () => {
  it('shows its secrets once, and verifies its codes', async () => {
    const { id, totp } = made(
      await enroll({ type: 'totp', totp_issuer: 'Product', totp_user: 'ada@acme.example' }),
    );
    const again = await get(`/auth/factors/${id}`);
    const challenge = made(await post(`/auth/factors/${id}/challenge`, {}));
    const verify = (code: string) => post(`/auth/challenges/${challenge.id}/verify`, { code });

    const wrong = await verify('000000');
    const right = await verify(totpCode(totp?.secret ?? '', new Date()));

    expect(Object.keys(totp ?? {}).sort()).toEqual(['issuer', 'qr_code', 'secret', 'uri', 'user']);
    expect(again.body).toMatchObject({ id, totp: { issuer: 'Product', user: 'ada@acme.example' } });
    expect(JSON.stringify(again.body)).not.toContain(totp?.secret);
    expect([wrong, right]).toMatchObject([
      { status: 201, body: { valid: false } },
      { status: 201, body: { valid: true, challenge: { id: challenge.id } } },
    ]);
  });

  it.each<[string, () => TestClient, () => string | undefined, number]>([
    ['its client’s', () => client, () => undefined, 200],
    ['its client’s, with a user of its tenant', () => client, () => ada, 200],
    ['not its client’s, with a user of another tenant', () => client, () => gus, 404],
    ['not another client’s', () => sibling, () => undefined, 404],
    ['not another client’s, with a user of its tenant', () => sibling, () => ada, 404],
    ['not even of a client with every right', () => platform, () => ada, 404],
  ])('is %s', async (_whose, as, user, status) => {
    const factor = made(await enroll({ type: 'generic_otp' }, client, ada));
    const challenge = made(await post(`/auth/factors/${factor.id}/challenge`, {}));
    const before = gatehouse.workos.requests.length;

    const answers = [
      await get(`/auth/factors/${factor.id}`, as(), user()),
      await post(`/auth/factors/${factor.id}/challenge`, {}, as(), user()),
      await post(`/auth/challenges/${challenge.id}/verify`, { code: challenge.code }, as(), user()),
      await gatehouse.as(as(), user()).delete(`/auth/factors/${factor.id}`),
    ];

    expect(await rowsOf(challenge.id)).toEqual([{ client_id: client.id, tenant_id: 'acme' }]);
    const wanted = status === 200 ? [200, 201, 201, 204] : [404, 404, 404, 404];
    expect(answers.map((answer) => answer.status)).toEqual(wanted);
    if (status === 404) expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('without a user belongs to its client, for any later user', async () => {
    const { id } = made(await enroll({ type: 'generic_otp' }));

    const seen = [
      await get(`/auth/factors/${id}`, client, gus),
      await get(`/auth/factors/${id}`, sibling),
    ];

    expect(seen.map(({ status }) => status)).toEqual([200, 404]);
    expect(await rowsOf(id)).toEqual([{ client_id: client.id, tenant_id: null }]);
  });

  it('is not created for a user of a tenant that the client may not use', async () => {
    const user = await gatehouse.userToken({ tenant_id: 'initech' });
    const before = gatehouse.workos.requests.length;

    const { status, body } = await enroll({ type: 'generic_otp' }, client, user);

    expect([status, body]).toMatchObject([404, { code: 'tenant_not_found' }]);
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('is gone once it is deleted', async () => {
    const { id } = made(await enroll({ type: 'generic_otp' }));

    await gatehouse.as(client).delete(`/auth/factors/${id}`).expect(204);

    expect((await get(`/auth/factors/${id}`)).status).toBe(404);
    expect(await rowsOf(id)).toEqual([]);
  });
});

describe('an audit-log export', () => {
  const example = resourceOperations.find(({ id }) => id === 'createAuditLogExport');
  const range = example && bodyOf(example);
  const newExport = async () =>
    made(await post('/audit_logs/exports', { ...range, organization_id: 'acme' }, client, ada));
  const ask = async (id: string, as = client, user: string | undefined = ada) =>
    (await get(`/audit_logs/exports/${id}`, as, user)).status;

  it('is visible to its client, for IT admins of its tenant', async () => {
    const { id } = await newExport();
    const max = await gatehouse.userToken({ sub: 'max', roles: ['member'] });

    expect([await ask(id), await ask(id, client, max), await ask(id, client, gus)]).toEqual([
      200, 403, 404,
    ]);
    expect((await get(`/audit_logs/exports/${id}`)).status).toBe(403);
    expect([await ask(id, sibling), await ask(id, platform)]).toEqual([404, 404]);
  });

  it('returns the URL of its file, a new one each time', async () => {
    const { id } = await newExport();
    const look = async () => (await get(`/audit_logs/exports/${id}`, client, ada)).body;

    const [pending, ready, again] = [await look(), await look(), await look()];

    expect([pending, ready]).toMatchObject([
      { state: 'pending', url: null },
      { state: 'ready', url: expect.stringMatching(/^http/) },
    ]);
    expect((again as { url: string }).url).not.toBe((ready as { url: string }).url);
  });

  it('is lost with the right to its tenant', async () => {
    const { id } = await newExport();
    const { database } = gatehouse;
    const registry = createClientRegistry(database.db);

    await registry.update(operator('test'), client.id, { tenants: ['globex'] });
    const without = await waitFor(async () => {
      const status = await ask(id);
      return status !== 200 && status;
    });
    await registry.update(operator('test'), client.id, { tenants: ['acme', 'globex'] });

    expect(without).toBe(404);
    await waitFor(async () => (await ask(id)) === 200);
  });

  it('is deleted with its tenant', async () => {
    await gatehouse.as(platform).delete('/v1/tenants/acme').expect(204);
    const ids = await gatehouse.database.superuser<{ id: string }>(
      `select id from owned_objects where kind = 'audit_log_export'`,
    );

    for (const { id } of ids) expect(await ask(id)).toBe(404);
    expect(ids.length).toBeGreaterThan(0);
  });
});

describe('an Idempotency-Key', () => {
  const event = resourceOperations.find(({ id }) => id === 'createAuditLogEvent');
  const write = async (key: string, as = client, organization_id = 'globex') => {
    const body = { ...(event && bodyOf(event)), organization_id };
    const agent = gatehouse.as(as).post('/audit_logs/events').set('idempotency-key', key);
    await agent.send(body).expect(200);
    return gatehouse.workos.requestsTo('POST /audit_logs/events').at(-1)?.headers[
      'idempotency-key'
    ];
  };
  beforeAll(() =>
    askWorkos(gatehouse, 'POST', '/audit_logs/actions/user.signed_in/schemas', {
      targets: [{ type: 'team' }],
    }),
  );

  it('is forwarded, and differs between clients and between tenants', async () => {
    await gatehouse.provision('umbrella');
    const keys = [
      await write('k'),
      await write('k'),
      await write('k', sibling),
      await write('l'),
      await write('k', platform, 'globex'),
      await write('k', platform, 'umbrella'),
    ];

    expect(keys[0]).toMatch(/^[\w-]{43}$/);
    expect(keys.map((key) => keys.indexOf(key))).toEqual([0, 0, 2, 3, 4, 5]);
  });

  it('differs between acting users of two tenants, who must not get the same factor', async () => {
    await gatehouse.provision('hooli');
    const eve = await gatehouse.userToken({ tenant_id: 'hooli' });
    const enrolled = async (user?: string) => {
      const request = gatehouse.as(platform, user).post('/auth/factors/enroll');
      await request.set('idempotency-key', 'k').send({ type: 'generic_otp' }).expect(201);
      return gatehouse.workos.requestsTo('POST /auth/factors/enroll').at(-1)?.headers[
        'idempotency-key'
      ];
    };
    const keys = [await enrolled(eve), await enrolled(eve), await enrolled(gus), await enrolled()];

    expect(keys.map((key) => keys.indexOf(key))).toEqual([0, 0, 2, 3]);
  });
});
