import { beforeAll, describe, expect, it } from '@jest/globals';
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
  it('are thirty an hour, whoever they go to and however many replicas are asked at once', async () => {
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
