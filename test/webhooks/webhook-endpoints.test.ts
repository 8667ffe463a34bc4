import { beforeAll, describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import { sdkOptions } from '../support/sdk.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const ORIGINS =
  'https://*.internal.example,http://orders.svc:8080,https://hooks.example:*,http://*:9090,http://*.*.*.*:9090';
const URL_1 = 'https://billing.internal.example/webhooks';
let client: TestClient;
let other: TestClient;
const gatehouse = useGatehouse({ env: { WEBHOOK_ENDPOINT_ORIGINS: ORIGINS } });
beforeAll(async () => {
  client = await gatehouse.createClient({ scopes: ['events:read', 'webhooks:write'] });
  other = await gatehouse.createClient();
});

interface Endpoint {
  readonly id: string;
  readonly endpoint_url: string;
  readonly secret: string;
  readonly status: string;
}

let made = 0;
const newUrl = () => `https://n${(made += 1)}.internal.example/`;
const create = async (fields: object = {}, by = client): Promise<Endpoint> => {
  const body = { endpoint_url: newUrl(), events: ['connection.activated'], ...fields };
  return (await gatehouse.as(by).post('/webhook_endpoints').send(body).expect(201))
    .body as Endpoint;
};
const post = (endpoint_url: unknown, by = client) =>
  gatehouse
    .as(by)
    .post('/webhook_endpoints')
    .send({ endpoint_url, events: ['connection.activated'] });

describe('createWebhookEndpoint', () => {
  it('answers the endpoint as WorkOS does, with a secret for both signature schemes', async () => {
    const res = await post(URL_1);

    expect(res.status).toBe(201);
    expect(res.body).toEqual({
      object: 'webhook_endpoint',
      id: expect.stringMatching(/^we_[0-9a-f]{32}$/),
      endpoint_url: URL_1,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      status: 'enabled',
      events: ['connection.activated'],
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  it('shows the secret once, and stores it encrypted', async () => {
    const { id, secret } = await create();
    const list = await gatehouse.as(client).get('/webhook_endpoints?limit=100').expect(200);
    const patched = await gatehouse.as(client).patch(`/webhook_endpoints/${id}`).send({});

    expect(JSON.stringify([list.body, patched.body])).not.toContain('whsec_');
    expect(patched.body).toMatchObject({ id, secret: '' });
    expect(await leaksInDatabase(gatehouse, [secret, secret.slice(6)])).toEqual([]);
    expect(leaksInLogs(gatehouse, [secret])).toEqual([]);
  });

  it('answers duplicate_endpoint for a URL that the client already has, but not for another client’s', async () => {
    const { endpoint_url } = await create();

    const [again, others] = [await post(endpoint_url), await post(endpoint_url, other)];

    expect([again.status, again.body]).toMatchObject([409, { code: 'duplicate_endpoint' }]);
    expect(others.status).toBe(201);
  });

  it.each([
    'https://a.internal.example/x?y=z',
    'https://a.internal.example:443/',
    'http://orders.svc:8080/hook',
    'https://hooks.example:1234/',
    'https://hooks.example/',
    'http://orders:9090/',
  ])('takes %s', async (url) => {
    expect((await post(url)).status).toBe(201);
  });

  it.each([
    'https://evil.example/',
    'http://localhost:9090/',
    'http://127.0.0.1:9090/',
    'http://2130706433:9090/',
    'https://internal.example/',
    'https://a.b.internal.example/',
    'https://a.internal.example.evil.example/',
    'https://a.internal.example./',
    'https://a.internal.example:8443/',
    'https://ainternal.example/',
    'https://.internal.example/',
    'http://a.internal.example/',
    'http://orders.svc/',
    'https://orders.svc:8080/',
    'http://orders.svc:80800/',
    'http://hooks.example:1234/',
    'https://user@a.internal.example/',
    'https://user:password@a.internal.example/',
    'https://@a.internal.example/',
    'https://a.internal.example@evil.example/',
    'https://evil.example\\@a.internal.example/',
    'https://evil.example\\.internal.example/',
    'https://a.internal.example/#x',
    'https://a.internal.example/#',
    'https:a.internal.example/',
    'https:///a.internal.example/',
    'ftp://a.internal.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    ' https://a.internal.example/',
    'https://a.internal.example/\n',
    'https://a.intern\tal.example/',
    'https://a%2eb.internal.example/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://0x7f.1/',
    'https://*.internal.example/',
    'https://evil.example%00.internal.example/',
    'internal.example',
    '//a.internal.example/',
    '',
  ])('answers invalid_url for %j', async (url) => {
    const res = await post(url);

    expect([res.status, res.body]).toMatchObject([
      422,
      { code: 'invalid_url', errors: [{ field: 'endpoint_url', code: 'endpoint_url_invalid' }] },
    ]);
  });

  it.each([
    ['no events', { events: [] }],
    ['an event without a dot', { events: ['everything'] }],
    ['a URL that is a number', { endpoint_url: 1 }],
    ['another tenant by an unknown name', { tenant_id: 'globex' }],
    [
      'a URL of 2,049 characters',
      { endpoint_url: `https://a.internal.example/${'x'.repeat(2_022)}` },
    ],
  ])('refuses %s', async (_what, fields) => {
    const res = await gatehouse
      .as(client)
      .post('/webhook_endpoints')
      .send({ endpoint_url: newUrl(), events: ['user.created'], ...fields });

    expect(res.status).toBe(422);
  });

  it('also requires events:read, because deliveries reveal events', async () => {
    const writer = await gatehouse.createClient({ scopes: ['webhooks:write'] });

    const res = await post(newUrl(), writer);

    expect([res.status, res.body]).toMatchObject([403, { code: 'insufficient_scope' }]);
  });

  it('is recorded in the audit trail, without the secret', async () => {
    const { id, endpoint_url } = await create();

    const rows = await gatehouse.database.superuser(
      `select operation, outcome, client_id, details from audit_trail where details->>'webhook_endpoint' = $1`,
      [id],
    );

    expect(rows).toEqual([
      {
        operation: 'createWebhookEndpoint',
        outcome: 'succeeded',
        client_id: client.id,
        details: {
          webhook_endpoint: id,
          origin: new URL(endpoint_url).origin,
          events: ['connection.activated'],
        },
      },
    ]);
  });
});

describe('the endpoint of another client', () => {
  it.each([
    ['patch', '/webhook_endpoints/ID', {}],
    ['delete', '/webhook_endpoints/ID', undefined],
    ['post', '/v1/webhook-endpoints/ID/rotate-secret', undefined],
    ['post', '/v1/webhook-endpoints/ID/replay', { missed: true }],
    ['get', '/v1/webhook-endpoints/ID/deliveries', undefined],
  ] as const)('is as unknown as none to %s %s', async (method, path, body) => {
    const { id } = await create({}, other);
    const call = (endpoint: string) => {
      const request = gatehouse.as(client)[method](path.replace('ID', endpoint));
      return request.set('x-request-id', 'same').send(body);
    };

    const [foreign, none] = [await call(id), await call('we_none')];

    expect([foreign.status, foreign.body]).toMatchObject([404, { code: 'entity_not_found' }]);
    expect(foreign.text).toBe(none.text);
  });

  it('is not listed', async () => {
    const { id } = await create({}, other);

    const res = await gatehouse.as(client).get('/webhook_endpoints?limit=100');

    expect(res.text).not.toContain(id);
  });
});

describe('updateWebhookEndpoint', () => {
  it('changes only the given fields', async () => {
    const { id, endpoint_url } = await create();
    const patch = (body: object) =>
      gatehouse.as(client).patch(`/webhook_endpoints/${id}`).send(body).expect(200);

    const disabled = await patch({ status: 'disabled' });
    const wanting = await patch({ events: ['user.created', 'user.created'] });

    expect(disabled.body).toMatchObject({ status: 'disabled', events: ['connection.activated'] });
    expect(wanting.body).toMatchObject({
      endpoint_url,
      status: 'disabled',
      events: ['user.created'],
    });
  });

  it('refuses a URL that creating refuses, and one that is taken', async () => {
    const [{ id }, { endpoint_url }] = [await create(), await create()];
    const patch = (url: string) =>
      gatehouse.as(client).patch(`/webhook_endpoints/${id}`).send({ endpoint_url: url });

    const [evil, taken] = [await patch('https://evil.example/'), await patch(endpoint_url)];

    expect([evil.status, evil.body]).toMatchObject([422, { code: 'invalid_url' }]);
    expect([taken.status, taken.body]).toMatchObject([409, { code: 'duplicate_endpoint' }]);
  });
});

describe('deleteWebhookEndpoint', () => {
  it('removes the endpoint, once', async () => {
    const { id } = await create();
    const remove = () => gatehouse.as(client).delete(`/webhook_endpoints/${id}`);

    const statuses = [(await remove()).status, (await remove()).status];

    expect(statuses).toEqual([204, 404]);
  });
});

describe('rotateWebhookSecret', () => {
  it('answers the new secret once, and until when the former one signs', async () => {
    const { id, secret } = await create();
    const rotate = () =>
      gatehouse
        .as(client)
        .post(`/v1/webhook-endpoints/${id}/rotate-secret`)
        .set('idempotency-key', `rotate-${id}`);

    const [first, again] = [await rotate(), await rotate()];
    const rotated = first.body as Endpoint & { former_secret_until: string };

    expect(first.status).toBe(201);
    expect(rotated.secret).toMatch(/^whsec_/);
    expect(rotated.secret).not.toBe(secret);
    const hours = (Date.parse(rotated.former_secret_until) - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(24);
    expect([again.status, again.body]).toMatchObject([409, { code: 'idempotent_replay', id }]);
  });
});

describe('the WorkOS SDK 11', () => {
  it('creates, lists, updates and deletes endpoints', async () => {
    const workos = new WorkOS(client.key, sdkOptions(gatehouse));
    const endpointUrl = newUrl();

    const created = await workos.webhooks.createWebhookEndpoint({
      endpointUrl,
      events: ['user.created'],
    });
    const updated = await workos.webhooks.updateWebhookEndpoint({
      id: created.id,
      status: 'disabled',
    });
    const listed = await workos.webhooks.listWebhookEndpoints({ limit: 100 });
    await workos.webhooks.deleteWebhookEndpoint({ id: created.id });
    const left = await workos.webhooks.listWebhookEndpoints({ limit: 100 });

    expect(created).toMatchObject({ endpointUrl, status: 'enabled', createdAt: expect.any(Date) });
    expect(updated.status).toBe('disabled');
    expect(listed.data.map(({ id }) => id)).toContain(created.id);
    expect(left.data.map(({ id }) => id)).not.toContain(created.id);
  });
});
