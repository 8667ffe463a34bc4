/** Limits of requests per minute hold over all replicas, and stop nobody else. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { connect, exchange, grant, REDIRECT_URI, signIn } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const LIMIT = 60;

const gatehouse = useGatehouse({
  replicas: 3,
  env: {
    RATE_LIMIT_CLIENT_PER_MINUTE: '120',
    RATE_LIMIT_TENANT_PER_MINUTE: String(LIMIT),
  },
});
let client: TestClient;

beforeAll(async () => {
  for (const id of ['acme', 'globex', 'initech', 'hooli', 'umbrella'])
    await gatehouse.provision(id);
});

const read = (by: TestClient, path: string, replica = 0) =>
  gatehouse.as(by, undefined, replica).get(path);

const readTenant = (tenantId: string, count: number, forwardedFor?: (n: number) => string) =>
  readMany(`/v1/tenants/${tenantId}`, count, forwardedFor);

/** Reads many times, by six clients at once and at all replicas. */
async function readMany(path: string, count: number, forwardedFor?: (n: number) => string) {
  const clients = await Promise.all(Array.from({ length: 6 }, () => gatehouse.createClient()));
  const answers: Response[] = [];
  const readBy = async (by: TestClient, first: number) => {
    for (let n = first; n < count; n += clients.length) {
      const request = read(by, path, (n + Math.floor(n / 6)) % 3);
      answers.push(
        await (forwardedFor ? request.set('x-forwarded-for', forwardedFor(n)) : request),
      );
    }
  };
  await Promise.all(clients.map(readBy));
  return answers;
}

const countOf = (answers: readonly { status: number }[], status: number) =>
  answers.filter((one) => one.status === status).length;

describe('the limit of a tenant', () => {
  it('is shared by three replicas and all clients, whatever X-Forwarded-For says', async () => {
    const answers = await readTenant('acme', 240, (n) => `198.51.100.${n % 250}`);

    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
    expect(countOf(answers, 200)).toBeGreaterThanOrEqual(LIMIT);
    expect(countOf(answers, 200)).toBeLessThanOrEqual(LIMIT * 1.1);
    expect(refused[0]?.body).toMatchObject({ code: 'too_many_requests' });
    const { headers = {} } = refused[0] ?? {};
    expect(Number(headers['retry-after'])).toBeGreaterThan(30);
    expect(headers['ratelimit-policy']).toBe('"tenant";q=60;w=60');
    expect(headers.ratelimit).toBe(`"tenant";r=0;t=${String(headers['retry-after'])}`);
    expect(countOf(await readTenant('globex', 12), 429)).toBe(0);
  });

  it('counts reads of its objects, which do not name it', async () => {
    await gatehouse.provision('hidden');
    const connection = await connect(gatehouse, 'hidden');

    const answers = await readMany(`/connections/${connection}`, 90);

    expect(countOf(answers, 200)).toBeGreaterThanOrEqual(LIMIT);
    expect(countOf(answers, 200)).toBeLessThanOrEqual(LIMIT * 1.1);
    expect(countOf(answers, 200) + countOf(answers, 429)).toBe(90);
  });

  it('counts no logins, so one user cannot lock out the others', async () => {
    const product = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
    await connect(gatehouse, 'initech');
    await readTenant('initech', 100);

    const { code } = await signIn(gatehouse, product, { query: { organization: 'initech' } });

    expect((await exchange(gatehouse, grant(product, code))).status).toBe(200);
    expect((await read(product, '/v1/tenants/initech')).status).toBe(429);
  });
});

describe('the limit of a client', () => {
  it('weighs a list by its page size', async () => {
    client = await gatehouse.createClient();
    const lists = await Promise.all(
      Array.from({ length: 20 }, (_, n) => read(client, '/v1/tenants?limit=100', n % 3)),
    );

    expect(countOf(lists, 200)).toBeGreaterThanOrEqual(9);
    expect(countOf(lists, 200)).toBeLessThanOrEqual(13);
    expect(countOf(lists, 200) + countOf(lists, 429)).toBe(20);
  });

  it('counts portal links and logins apart from reads', async () => {
    await Promise.all(Array.from({ length: 140 }, () => read(client, '/v1/tenants')));
    const admin = await gatehouse.userToken({ tenant_id: 'hooli' });

    expect((await read(client, '/v1/tenants/hooli')).status).toBe(429);
    await gatehouse
      .as(client, admin)
      .post('/portal/generate_link')
      .send({ organization: 'hooli', intent: 'sso' })
      .expect(201);
  });

  it('is used up only by the client itself, not by strangers with a wrong key', async () => {
    const other = await gatehouse.createClient();
    const forged = { ...other, key: `${other.key.slice(0, -4)}AAAA` };
    const answers = await Promise.all(
      Array.from({ length: 130 }, (_, n) => read(forged, '/v1/tenants/umbrella', n % 3)),
    );

    expect(countOf(answers, 200)).toBe(0);
    await read(other, '/v1/tenants/umbrella').expect(200);
  });
});
