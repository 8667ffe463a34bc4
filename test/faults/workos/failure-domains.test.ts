/** A refusal of one operation or feature at WorkOS closes nothing else. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { organizationOf } from '../../support/sign-in.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let client: TestClient;
let admin: string;

beforeAll(async () => {
  client = await gatehouse.createClient();
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
});

const get = async (path: string) => (await gatehouse.as(client).get(path)).status;

describe('a refusal at WorkOS', () => {
  it.each([403, 404])(
    '%d of one feature blocks no other, no matter how often it occurs',
    async (status) => {
      const path = '/organizations/acme/audit_logs_retention';
      gatehouse.workos.fault('GET /organizations/*/audit_logs_retention', {
        kind: 'status',
        status,
      });
      for (let count = 0; count < 30; count += 1) await get(path);

      const event = {
        action: 'user.signed_in',
        occurred_at: '2026-11-22T12:00:00.000Z',
        actor: { id: 'ada', type: 'user' },
        targets: [{ id: 'acme', type: 'team' }],
        context: { location: '127.0.0.1' },
      };
      const sent = await gatehouse
        .as(client)
        .post('/audit_logs/events')
        .send({ organization_id: 'acme', event });

      expect(sent.body).not.toMatchObject({ code: 'upstream_unavailable' });
    },
  );

  it('429 of deletions blocks no reads', async () => {
    const { id } = gatehouse.workos.addDirectory(await organizationOf(gatehouse, 'acme'));
    const limited = { kind: 'status', status: 429, retryAfter: 60 } as const;
    gatehouse.workos.fault('DELETE /directories/*', limited, { times: 1 });

    const deleted = await gatehouse.as(client, admin).delete(`/directories/${id}`);

    expect([deleted.status, deleted.headers['retry-after']]).toEqual([503, '60']);
    expect(await get('/directories?organization_id=acme')).toBe(200);
    expect((await gatehouse.as(client, admin).delete(`/directories/${id}`)).status).toBe(503);
  });

  it('429 of deletions of organizations blocks no provisioning', async () => {
    await gatehouse.provision('globex');
    const limited = { kind: 'status', status: 429, retryAfter: 60 } as const;
    gatehouse.workos.fault('DELETE /organizations/*', limited, { times: 1 });

    const deleted = await gatehouse
      .as(client)
      .delete('/v1/tenants/globex?delete_organization=true');
    const put = await gatehouse.as(client).put('/v1/tenants/initech').send({ name: 'Initech' });

    expect(deleted.status).toBe(503);
    expect(put.status).toBe(201);
  });
});
