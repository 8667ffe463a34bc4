import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const LIMIT = 20;

const gatehouse = useGatehouse({
  replicas: 2,
  env: { WEBHOOK_ENDPOINT_ORIGINS: 'https://*.internal.example' },
});
let client: TestClient;

beforeEach(async () => {
  client = await gatehouse.createClient();
});

const add = (n: number, replica = 0, by = client) =>
  gatehouse
    .as(by, undefined, replica)
    .post('/webhook_endpoints')
    .send({ endpoint_url: `https://n${n}.internal.example/`, events: ['connection.activated'] });
/** The first by the API, the others as copies of its row. @returns the id of the first */
async function arrange(endpoints: number): Promise<string> {
  const { id } = (await add(1).expect(201)).body as { id: string };
  await gatehouse.database.superuser(
    `insert into webhook_endpoints (id, client_id, endpoint_url, events, status, secret)
     select id || n, client_id, 'https://n' || n || '.internal.example/', events, status, secret
     from webhook_endpoints, generate_series(2, $2::int) n where id = $1`,
    [id, endpoints],
  );
  return id;
}
const count = async (): Promise<number> => {
  const list = await gatehouse.as(client).get('/webhook_endpoints?limit=100').expect(200);
  return (list.body as { data: unknown[] }).data.length;
};

describe('the number of webhook endpoints of a client', () => {
  it('is limited to 20, and the problem says so', async () => {
    const ids: string[] = [];
    for (let n = 1; n <= LIMIT; n += 1)
      ids.push(((await add(n, n % 2).expect(201)).body as { id: string }).id);

    const refused = await add(21);

    expect([refused.status, refused.body]).toMatchObject([
      409,
      { code: 'too_many_endpoints', message: expect.stringContaining('20') },
    ]);
    await gatehouse
      .as(client)
      .delete(`/webhook_endpoints/${ids[0] ?? ''}`)
      .expect(204);
    await add(21, 1).expect(201);
  });

  it('holds across two replicas that are asked concurrently', async () => {
    await arrange(LIMIT - 1);

    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => add(100 + n, n % 2).then(({ status }) => status)),
    );

    expect(answers.filter((status) => status === 201)).toHaveLength(1);
    expect(answers.filter((status) => status === 409)).toHaveLength(11);
    expect(await count()).toBe(LIMIT);
  });

  it('is counted per client', async () => {
    await arrange(LIMIT);

    await add(1, 0, await gatehouse.createClient()).expect(201);
  });

  it('may exceed the limit from before, and then all endpoints can be changed and deleted', async () => {
    const first = await arrange(LIMIT + 3);

    const agent = gatehouse.as(client);
    await agent.patch(`/webhook_endpoints/${first}2`).send({ status: 'disabled' }).expect(200);
    await agent.delete(`/webhook_endpoints/${first}3`).expect(204);

    expect(await count()).toBe(LIMIT + 2);
    await add(21).expect(409);
  });

  it('does not hide that the URL is already taken', async () => {
    await arrange(LIMIT);

    expect((await add(1)).body).toMatchObject({ code: 'duplicate_endpoint' });
  });

  it('accepts one of two concurrent requests with the same URL', async () => {
    const answers = await Promise.all([add(1), add(1, 1)]);

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  });
});
