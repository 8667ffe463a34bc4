/** Rotations of an endpoint's signing secret: every secret signs until its own 24 hours are over. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import { Webhook } from 'standardwebhooks';
import { createSecretEncryption } from '../../src/core/encryption.ts';
import { Secret } from '../../src/core/secret.ts';
import { createSealedSecretStore } from '../../src/webhooks/sealed-secrets-store.ts';
import { resealSecrets } from '../../src/webhooks/delivery/reseal.ts';
import {
  activated,
  api,
  deliver,
  endpoint,
  gatehouse,
  happen,
  header,
  receiver,
  settled,
  standardHeaders,
  useDeliveries,
  type Endpoint,
} from './deliveries-setup.ts';

useDeliveries();

const rotation = ({ id }: Endpoint) => api(`/v1/webhook-endpoints/${id}/rotate-secret`, {});
const rotate = async (to: Endpoint): Promise<Endpoint> =>
  (await rotation(to).expect(201)).body as Endpoint;

/** Lets some hours pass for the endpoint's former secrets. */
const age = ({ id }: Endpoint, hours: number) =>
  gatehouse.database.superuser(
    `update webhook_endpoints set former_secret_until = former_secret_until - $2 * interval '1 hour',
       older_secret_until = older_secret_until - $2 * interval '1 hour' where id = $1`,
    [id, hours],
  );

/** Refuses the first attempts, so that there are this many. */
const answerAt = (attempts: number) => {
  receiver.answer = (_one, res) =>
    res.writeHead(receiver.received.length < attempts ? 400 : 200).end();
};

const verifiesStandard = (at: number, { secret }: Endpoint): boolean => {
  const one = receiver.received[at];
  try {
    new Webhook(secret).verify(one?.body ?? '', standardHeaders(one));
    return true;
  } catch {
    return false;
  }
};
/** WorkOS's SDK looks at the first signature only. */
const verifiesWorkos = (at: number, { secret }: Endpoint): Promise<boolean> =>
  new WorkOS('gh_test').webhooks
    .verifyHeader({
      payload: receiver.received[at]?.body ?? '',
      sigHeader: header(receiver.received[at], 'workos-signature'),
      secret,
    })
    .catch(() => false);

const signatures = (at: number) =>
  header(receiver.received[at], 'webhook-signature').match(/v1,/g)?.length;

describe('a secret that is rotated twice within a day', () => {
  it('signs until its own day is over, with both that followed it', async () => {
    const first = await endpoint();
    const second = await rotate(first);
    await age(first, 1);
    const third = await rotate(first);
    const event = activated();
    answerAt(3);
    deliver();

    await happen(event);
    await settled(first, event, 'delivered');

    const all = [first, second, third];
    expect([0, 1, 2].map(signatures)).toEqual([3, 3, 3]);
    for (const at of [0, 1, 2])
      expect(all.map((one) => verifiesStandard(at, one))).toEqual([true, true, true]);
    const first3 = await Promise.all(
      [0, 1, 2].map((at) => Promise.all(all.map((one) => verifiesWorkos(at, one)))),
    );
    expect(first3).toEqual([
      [true, false, false],
      [false, false, true],
      [false, true, false],
    ]);
  });

  it('ends when its own day is over, and the second goes on', async () => {
    const first = await endpoint();
    const second = await rotate(first);
    await age(first, 20);
    const third = await rotate(first);
    await age(first, 5);
    const event = activated();
    deliver();

    await happen(event);
    await settled(first, event, 'delivered');

    expect(signatures(0)).toBe(2);
    expect([first, second, third].map((one) => verifiesStandard(0, one))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('is not rotated a third time before the first secret has ended', async () => {
    const first = await endpoint();
    await rotate(first);
    await age(first, 2);
    const third = await rotate(first);

    const refused = await rotation(first);
    await age(first, 23);
    const fourth = await rotate(first);
    const event = activated();
    deliver();
    await happen(event);
    await settled(first, event, 'delivered');

    const [, until = ''] =
      /after (\S+Z)\.$/.exec((refused.body as { detail: string }).detail) ?? [];
    const seconds = (Date.parse(until) - Date.now()) / 1_000;
    expect([refused.status, refused.body]).toMatchObject([409, { code: 'too_many_secrets' }]);
    expect(Math.round(seconds / 3_600)).toBe(22);
    expect(Math.abs(Number(refused.headers['retry-after']) - seconds)).toBeLessThan(60);
    expect([third, fourth].map((one) => verifiesStandard(0, one))).toEqual([true, true]);
  });

  it('keeps one of two rotations at the same time from ending the first secret', async () => {
    const first = await endpoint();

    const rotated = await Promise.all([rotation(first), rotation(first), rotation(first)]);
    const event = activated();
    deliver();
    await happen(event);
    await settled(first, event, 'delivered');

    const made = rotated.filter(({ status }) => status === 201).map(({ body }) => body as Endpoint);
    expect(rotated.map(({ status }) => status).sort()).toEqual([201, 201, 409]);
    expect([first, ...made].map((one) => verifiesStandard(0, one))).toEqual([true, true, true]);
  });

  it('is re-encrypted with the others', async () => {
    const first = await endpoint();
    const all = [first, await rotate(first), await rotate(first)];
    const newKey = new Secret(randomBytes(32).toString('base64'));
    const secrets = createSealedSecretStore(gatehouse.database.db);
    const encryption = createSecretEncryption([newKey, ...gatehouse.config.keys], 'webhook');

    const counts = [
      await resealSecrets(secrets, encryption),
      await resealSecrets(secrets, encryption),
    ];
    deliver({ keys: [newKey] });
    const event = activated();
    await happen(event);
    await settled(first, event, 'delivered');

    expect(counts).toEqual([1, 0]);
    expect(all.map((one) => verifiesStandard(0, one))).toEqual([true, true, true]);
  });
});

describe('a rotated secret', () => {
  it('signs together with the former one, so that receivers can switch at any time', async () => {
    const old = await endpoint();
    const next = await rotate(old);
    const event = activated();
    answerAt(2);
    deliver();

    await happen(event);
    await settled(old, event, 'delivered');

    for (const [at, one] of receiver.received.entries()) {
      for (const { secret } of [old, next])
        new Webhook(secret).verify(one.body, standardHeaders(one));
      // WorkOS's SDKs for Python and PHP refuse a header with a second one.
      expect(header(one, 'workos-signature')).toMatch(/^t=\d+, v1=[0-9a-f]+$/);
      expect([await verifiesWorkos(at, old), await verifiesWorkos(at, next)]).toEqual([
        at === 0,
        at === 1,
      ]);
    }
  });

  it('signs alone once the day is over', async () => {
    const old = await endpoint();
    const next = await rotate(old);
    const event = activated();
    await gatehouse.database.superuser(
      `update webhook_endpoints set former_secret_until = now() where id = $1`,
      [old.id],
    );
    deliver();

    await happen(event);
    await settled(old, event, 'delivered');

    const [one] = receiver.received;
    expect(await verifiesWorkos(0, next)).toBe(true);
    new Webhook(next.secret).verify(one?.body ?? '', standardHeaders(one));
    expect(() => new Webhook(old.secret).verify(one?.body ?? '', standardHeaders(one))).toThrow();
  });

  it('still signs without its former key once it was re-encrypted', async () => {
    const to = await endpoint();
    const event = activated();
    const newKey = new Secret(randomBytes(32).toString('base64'));
    const secrets = createSealedSecretStore(gatehouse.database.db);

    await resealSecrets(
      secrets,
      createSecretEncryption([newKey, ...gatehouse.config.keys], 'webhook'),
    );
    deliver({ keys: [newKey] });
    await happen(event);
    await settled(to, event, 'delivered');

    const [one] = receiver.received;
    new Webhook(to.secret).verify(one?.body ?? '', standardHeaders(one));
  });
});
