import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import { startFakeWorkos, type FakeWorkos } from '../../src/dev/fake-workos/server.ts';
import { startReceiver, type Received, type Receiver } from '../support/receiver.ts';
import { specValidator } from '../support/spec-validator.ts';
import { waitFor } from '../support/wait-for.ts';
import { within } from '../support/within.ts';

const SECRET = 'whsec_of_a_test';
const RETRIES_MS = [5, 10, 20];

const validator = specValidator();
let fake: FakeWorkos;
let receiver: Receiver;
/** A fake that takes its time: it stops with the test. */
let patient: FakeWorkos;
beforeEach(async () => {
  receiver = await startReceiver();
  patient = await startFakeWorkos({
    webhookEndpoints: [{ url: receiver.url, secret: SECRET }],
    webhookRetriesMs: [60_000],
  });
  fake = await startFakeWorkos({
    webhookEndpoints: [{ url: receiver.url, secret: SECRET }],
    webhookRetriesMs: RETRIES_MS,
  });
});
afterEach(async () => {
  await Promise.all([fake.stop(), patient.stop()]);
  await receiver.stop();
});

/** @returns the ids of the events, in the order of their happening */
const happen = (count: number): string[] =>
  Array.from(
    { length: count },
    (_, index) => fake.emit('user.created', { id: `user_${index}` }).id,
  );

/** The ids of what has come, once nothing is under way. */
async function arrived(): Promise<string[]> {
  await fake.webhooksSettled();
  return receiver.received.map(({ body }) => (JSON.parse(body) as { id: string }).id);
}

/** As the SDK does it. @throws where it does not accept the delivery */
const verified = ({ body, headers }: Received, secret = SECRET) =>
  new WorkOS('sk_test').webhooks.constructEvent({
    payload: body,
    sigHeader: String(headers['workos-signature']),
    secret,
  });

const timestampOf = ({ headers }: Received): number =>
  Number(/^t=(\d+), v1=/.exec(String(headers['workos-signature']))?.[1]);

describe('a webhook of the fake', () => {
  it('is accepted by the SDK, with a time in milliseconds, and by no other secret', async () => {
    const [id] = happen(1);
    await arrived();

    const [delivery] = receiver.received;
    if (!delivery) throw new Error('Nothing has come.');
    await expect(verified(delivery)).resolves.toMatchObject({ id, event: 'user.created' });
    await expect(verified(delivery, 'another')).rejects.toThrow();
    expect(Math.abs(Date.now() - timestampOf(delivery))).toBeLessThan(60_000);
    expect(delivery.headers['content-type']).toBe('application/json');
    expect(Object.keys(JSON.parse(delivery.body) as object)).toEqual([
      'id',
      'event',
      'data',
      'created_at',
    ]);
  });

  it('goes out although the feed still holds the event back', async () => {
    fake.delayEventFeed(60_000);
    const [id] = happen(1);

    expect(await arrived()).toEqual([id]);
    const feed = await fetch(`${fake.url}/events?events=user.created`, {
      headers: { authorization: `Bearer ${fake.apiKey}` },
    });
    expect(await feed.json()).toMatchObject({ data: [] });
  });

  it('goes to every endpoint, with the endpoint’s secret and events', async () => {
    const other = `${receiver.url}/other`;
    fake.addWebhookEndpoint({ url: other, secret: 'other', events: ['user.deleted'] });
    const [created] = happen(1);
    const { id: deleted } = fake.emit('user.deleted', { id: 'user_0' });

    expect((await arrived()).toSorted()).toEqual([created, deleted, deleted]);
    expect(receiver.on('/other')).toHaveLength(1);
    for (const one of receiver.on('/other'))
      await expect(verified(one, 'other')).resolves.toMatchObject({ id: deleted });
  });

  it('arrives in the order of the events without faults', async () => {
    const ids = happen(20);

    expect(await arrived()).toEqual(ids);
  });
});

describe('a webhook that is not accepted', () => {
  it.each([
    ['by a status', 500],
    ['by a redirect', 307],
  ])('%s is retried with a new signature until it is accepted', async (_case, refusal) => {
    let refusals = 2;
    receiver.answer = (_request, res) => {
      res.statusCode = refusals > 0 ? refusal : 200;
      refusals -= 1;
      res.setHeader('location', `${receiver.url}/elsewhere`).end();
    };
    const [id] = happen(1);

    expect(await arrived()).toEqual([id, id, id]);
    expect(receiver.on('/elsewhere')).toEqual([]);
    expect(fake.webhookDeliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    for (const one of receiver.received) await verified(one);
    const times = receiver.received.map(timestampOf);
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(10);
  });

  it('is given up after the last try', async () => {
    receiver.answer = (_request, res) => {
      res.statusCode = 503;
      res.end();
    };
    happen(1);

    expect(await arrived()).toHaveLength(1 + RETRIES_MS.length);
    expect(fake.webhookDeliveries.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
  });

  it('does not hold up the others', async () => {
    receiver.answer = ({ body }, res) => {
      res.statusCode = body.includes('user_0') ? 500 : 200;
      res.end();
    };
    for (const id of ['user_0', 'user_1', 'user_2']) patient.emit('user.created', { id });

    await waitFor(() => patient.webhookDeliveries.length === 3);
    expect(patient.webhookDeliveries.map(({ status }) => status)).toEqual([500, 200, 200]);
  });

  it('is retried when nothing listens', async () => {
    const gone = await startReceiver();
    await gone.stop();
    fake.addWebhookEndpoint({ url: gone.url, secret: SECRET });
    happen(1);
    await arrived();

    const tried = fake.webhookDeliveries.filter(({ url }) => url === gone.url);
    expect(tried.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, undefined],
      [4, undefined],
    ]);
  });
});

describe('simulated delivery faults', () => {
  it('can lose every delivery, though the feed has the events', async () => {
    fake.setDeliveryChaos({ loss: 1 });
    happen(3);

    expect(await arrived()).toEqual([]);
    expect(fake.webhookDeliveries.map(({ attempt }) => attempt)).toEqual([0, 0, 0]);
    expect(fake.state.events.size).toBe(3);
  });

  it('can duplicate every delivery', async () => {
    fake.setDeliveryChaos({ duplication: 1 });
    const [first, second] = happen(2);

    expect(await arrived()).toEqual([first, first, second, second]);
  });

  it('can reorder deliveries', async () => {
    fake.setDeliveryChaos({ reordering: 1 });
    const [first] = happen(1);
    fake.setDeliveryChaos({});
    const [second, third] = happen(2);

    expect(await arrived()).toEqual([second, first, third]);
  });

  it('deliver a reordered event even if no other follows', async () => {
    fake.setDeliveryChaos({ reordering: 1 });
    const ids = happen(2);

    expect((await arrived()).toSorted()).toEqual(ids);
  });

  it('can delay deliveries within a range', async () => {
    fake.setDeliveryChaos({ delayMs: [50, 60] });
    const from = performance.now();
    happen(3);

    expect(await arrived()).toHaveLength(3);
    expect(performance.now() - from).toBeGreaterThanOrEqual(49);
  });

  it('are the same for the same seed, and differ for another', async () => {
    const fateOf = async (seed: number) => {
      receiver.received.splice(0);
      fake.setDeliveryChaos({ loss: 0.3, duplication: 0.3, seed });
      const ids = happen(40);
      return (await arrived()).map((id) => ids.indexOf(id)).toSorted((a, b) => a - b);
    };
    const [once, again, other] = [await fateOf(7), await fateOf(7), await fateOf(8)];

    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
    const lost = 40 - new Set(once).size;
    expect(lost).toBeGreaterThan(4);
    expect(lost).toBeLessThan(24);
    expect(once.length).toBeGreaterThan(new Set(once).size);
  });

  it('end when they are turned off', async () => {
    fake.setDeliveryChaos({ loss: 1, duplication: 1, reordering: 1, delayMs: [1, 2] });
    fake.setDeliveryChaos({});
    const ids = happen(3);

    expect(await arrived()).toEqual(ids);
  });
});

describe('stopping the fake', () => {
  it('cancels delayed and retried deliveries at once', async () => {
    receiver.answer = (_request, res) => {
      res.statusCode = 500;
      res.end();
    };
    patient.emit('user.created', { id: 'user_1' });
    patient.setDeliveryChaos({ delayMs: [60_000, 60_000] });
    patient.emit('user.created', { id: 'user_2' });
    const from = performance.now();
    await patient.stop();

    expect(performance.now() - from).toBeLessThan(within(5_000));
  });
});

describe('a change of a directory, a certificate or a domain', () => {
  it('is sent and listed in the feed as WorkOS’s specification describes', async () => {
    const workos = new WorkOS(fake.apiKey, {
      apiHostname: '127.0.0.1',
      port: fake.port,
      https: false,
    });
    const { id } = await workos.organizations.createOrganization({ name: 'Acme' });
    const directory = fake.addDirectory(id);
    const user = fake.addDirectoryUser(directory.id, { first_name: 'Ada' });
    const group = fake.addDirectoryGroup(directory.id);
    fake.addToGroup(group.id, user.id);
    fake.addToGroup(group.id, user.id);
    fake.changeDirectoryUser(user.id, { state: 'inactive' });
    fake.changeDirectoryGroup(group.id, { name: 'Sales' });
    fake.removeDirectoryMember(user.id);
    fake.removeDirectoryMember(group.id);
    fake.changeDirectory(directory.id, 'unlinked');
    const { id: connectionId } = fake.addConnection(id);
    fake.setCertificateExpiry(connectionId);
    fake.renewCertificate(connectionId);

    await fake.webhooksSettled();
    const answer = await workos.get<{ data: { event: string; data: object }[] }>('/events', {
      query: { organization_id: id, order: 'asc', limit: 100 },
    });

    const names = answer.data.data.map(({ event }) => event);
    expect(names).toEqual([
      'organization.created',
      'dsync.activated',
      'dsync.user.created',
      'dsync.group.created',
      'dsync.group.user_added',
      'dsync.user.updated',
      'dsync.group.updated',
      'dsync.group.user_removed',
      'dsync.user.deleted',
      'dsync.group.deleted',
      'dsync.deactivated',
      'connection.activated',
      'connection.saml_certificate_renewal_required',
      'connection.saml_certificate_renewed',
    ]);
    expect(
      validator.faultsOf({ operation: 'GET /events', status: 200, body: answer.data }),
    ).toEqual([]);
    expect(
      answer.data.data.find(({ event }) => event === 'dsync.user.updated')?.data,
    ).toMatchObject({ state: 'inactive', previous_attributes: { state: 'active' } });
    const sent = receiver.received.map(({ body }) => JSON.parse(body) as object);
    expect(sent).toEqual(answer.data.data.map((event) => ({ ...event, object: undefined })));
  });

  it('is a single event when a whole directory is deleted', async () => {
    const workos = new WorkOS(fake.apiKey, {
      apiHostname: '127.0.0.1',
      port: fake.port,
      https: false,
    });
    const { id } = await workos.organizations.createOrganization({ name: 'Acme' });
    const directory = fake.addDirectory(id);
    fake.addDirectoryUser(directory.id);
    await fake.webhooksSettled();
    receiver.received.splice(0);

    await workos.directorySync.deleteDirectory(directory.id);
    await fake.webhooksSettled();

    expect(
      receiver.received.map(({ body }) => (JSON.parse(body) as { event: string }).event),
    ).toEqual(['dsync.deleted']);
  });
});
