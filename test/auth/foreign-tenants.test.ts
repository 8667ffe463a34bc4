/** A foreign and an unknown tenant take the same time, because neither is looked up. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { holdLock } from '../support/interleave.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let limited: TestClient;

beforeAll(async () => {
  limited = await gatehouse.createClient({ tenants: ['mine-*'] });
  await gatehouse.provision('acme');
});

describe('a tenant that the client may not use', () => {
  it('is refused without a query, whether it exists or not', async () => {
    const token = await gatehouse.userToken();
    const api = gatehouse.as(limited, token);
    await api.get('/v1/tenants/mine-none');
    const lock = await holdLock(gatehouse.database, 'lock table tenants, it_admins');
    try {
      const asked = await Promise.all(
        ['acme', 'nowhere'].flatMap((id) => [
          api.get(`/v1/tenants/${id}`),
          api.get(`/organizations/${id}`),
          api.put(`/v1/tenants/${id}`).send({ name: 'Taken' }),
          api.post('/portal/generate_link').send({ organization: id, intent: 'sso' }),
        ]),
      );

      expect(asked.map(({ status }) => status)).toEqual(Array(8).fill(404));
      const bodies = asked.map((res) => ({ ...(res.body as object), instance: '' }));
      expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    } finally {
      await lock.release();
    }
  });
});
