import { beforeAll, describe, expect, it } from '@jest/globals';
import { createMailStore } from '../../src/portal/stores/mail-store.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse({
  replicas: 2,
  env: { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'no-reply@cloud.example' },
});
let client: TestClient;
let admin: string;

beforeAll(async () => {
  client = await gatehouse.createClient();
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
});

const invite = (to: string, replica = 0, key?: string) =>
  gatehouse
    .as(client, admin, replica)
    .post('/v1/portal-launches')
    .set(key === undefined ? {} : { 'idempotency-key': key })
    .send({ tenant_id: 'acme', intent: 'sso', send_to: to });

describe('the e-mails of a tenant', () => {
  it('are thirty an hour by one client, whoever they go to and however many replicas are asked at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => invite(`ada+${n}@acme.com`, n % 2)),
    );
    const refused = answers.filter(({ status }) => status === 429);
    const [launches] = await gatehouse.database.superuser<{ count: number }>(
      'select count(*)::int as count from portal_launches',
    );

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(30);
    expect(refused).toHaveLength(10);
    // A refused mail leaves no launch, whose link nobody would have.
    expect(launches?.count).toBe(30);
  });

  it('that were refused may be asked for again with the same Idempotency-Key', async () => {
    const first = await invite('later@acme.com', 0, 'later');
    await gatehouse.database.superuser(
      `update launch_mails set created_at = created_at - interval '1 hour'`,
    );
    const again = await invite('later@acme.com', 1, 'later');

    expect([first.status, again.status]).toEqual([429, 201]);
  });
});

describe('the e-mails of one client', () => {
  const inviteBy = async (from: TestClient, tenant: string, to: string): Promise<number> => {
    const user = await gatehouse.userToken({ tenant_id: tenant });
    const launches = gatehouse.as(from, user).post('/v1/portal-launches');
    const { status } = await launches.send({ tenant_id: tenant, intent: 'sso', send_to: to });
    return status;
  };
  const times = (count: number, work: (n: number) => Promise<number>) =>
    Promise.all(Array.from({ length: count }, (_, n) => work(n)));

  it('to an address stop none of another client to the same person', async () => {
    const [greedy, other] = [await gatehouse.createClient(), await gatehouse.createClient()];
    await gatehouse.provision('globex');
    await gatehouse.provision('initech');

    const own = await times(7, () => inviteBy(greedy, 'globex', 'grace@initech.com'));

    expect(own.toSorted()).toEqual([201, 201, 201, 201, 201, 429, 429]);
    expect(await inviteBy(other, 'initech', 'grace@initech.com')).toBe(201);
  });

  it('for a tenant stop none of another client for it', async () => {
    const [greedy, other] = [await gatehouse.createClient(), await gatehouse.createClient()];
    await gatehouse.provision('umbrella');
    const own = await times(31, (n) => inviteBy(greedy, 'umbrella', `ada+${n}@umbrella.com`));

    expect(own).toContain(429);
    expect(await inviteBy(other, 'umbrella', 'grace@umbrella.com')).toBe(201);
  });

  it('to an address are bounded for all clients together', async () => {
    await gatehouse.provision('hooli');
    const clients = [
      await gatehouse.createClient(),
      await gatehouse.createClient(),
      await gatehouse.createClient(),
    ];
    const sent = clients.map((one) => times(4, () => inviteBy(one, 'hooli', 'ada@hooli.com')));

    const statuses = (await Promise.all(sent)).flat();
    expect(statuses.filter((status) => status === 201)).toHaveLength(10);
  });

  it('are sent in turn with those of another client that came later', async () => {
    await gatehouse.database.superuser(`update launch_mails set state = 'sent', sealed_url = null`);
    const [many, few] = [await gatehouse.createClient(), await gatehouse.createClient()];
    await gatehouse.provision('wayne');
    await gatehouse.provision('stark');
    await times(12, (n) => inviteBy(many, 'wayne', `bruce+${n}@wayne.com`));
    await inviteBy(few, 'stark', 'tony@stark.com');

    const taken = await createMailStore(gatehouse.database.db).take(5);

    expect(taken.map(({ tenantId }) => tenantId)).toContain('stark');
    expect(taken).toHaveLength(5);
  });
});
