import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import type { WorkosEvent } from '../../src/dev/fake-workos/state/events.ts';
import { startFakeWorkos, type FakeWorkos } from '../../src/dev/fake-workos/server.ts';
import { webhookRequest } from '../../src/dev/fake-workos/events/webhook-attempts.ts';
import { specValidator } from '../support/spec-validator.ts';

let fake: FakeWorkos;
let workos: WorkOS;
let clock: Date;
beforeEach(async () => {
  clock = new Date('2030-01-01T00:00:00.000Z');
  fake = await startFakeWorkos({ now: () => clock });
  workos = new WorkOS(fake.apiKey, { apiHostname: '127.0.0.1', port: fake.port, https: false });
});
afterEach(() => fake.stop());

interface Page {
  readonly data: WorkosEvent[];
  readonly list_metadata: { readonly after: string | null };
}
const feed = async (query: Readonly<Record<string, string | number>> = {}) =>
  (await workos.get<Page>('/events', { query: { order: 'asc', limit: 100, ...query } })).data;
const names = ({ data }: Page) => data.map(({ event }) => event);

describe('the events of the fake', () => {
  it('describe changes as WorkOS’s specification does', async () => {
    const { id } = await workos.organizations.createOrganization({
      name: 'Acme',
      domainData: [{ domain: 'acme.test', state: 'verified' as never }],
    });
    const connection = fake.addConnection(id);
    fake.addDirectory(id);
    fake.changeConnection(connection.id, 'inactive');
    await workos.organizations.updateOrganization({ organization: id, name: 'Acme 2' });
    await workos.sso.deleteConnection(connection.id);
    fake.deleteOrganization(id);

    const page = await feed();

    expect(names(page)).toEqual([
      'organization.created',
      'organization_domain.created',
      'organization_domain.verified',
      'connection.activated',
      'dsync.activated',
      'connection.deactivated',
      'organization.updated',
      'connection.deleted',
      'dsync.deleted',
      'organization_domain.deleted',
      'organization.deleted',
    ]);
    expect(specValidator().faultsOf({ operation: 'GET /events', status: 200, body: page })).toEqual(
      [],
    );
  });

  it('may have a time and a context, also when a test in another language emits them', async () => {
    await fake.stop();
    fake = await startFakeWorkos({ now: () => clock, httpControls: true });
    workos = new WorkOS(fake.apiKey, { apiHostname: '127.0.0.1', port: fake.port, https: false });
    const context = { client_id: 'client_1', actor: { id: 'u', source: 'dashboard', name: null } };
    const createdAt = '2029-12-31T00:00:00.000Z';

    const answer = await fetch(`${fake.url}/_fake/emit`, {
      method: 'POST',
      headers: { authorization: `Bearer ${fake.apiKey}` },
      body: JSON.stringify(['flag.created', { id: 'flag_1' }, { createdAt, context }]),
    });

    expect(answer.status).toBe(200);
    expect((await feed()).data).toMatchObject([{ created_at: createdAt, context }]);
  });

  it('appear in the feed only after a while', async () => {
    fake.emit('user.created', { id: 'user_1' });
    fake.delayEventFeed(2_000);
    fake.emit('user.updated', { id: 'user_1' });

    const atOnce = names(await feed());
    clock = new Date(clock.getTime() + 2_000);
    const later = names(await feed());

    expect([atOnce, later]).toEqual([['user.created'], ['user.created', 'user.updated']]);
  });

  it('are read on from a cursor, by name, time and organization, to the end', async () => {
    for (let i = 0; i < 5; i += 1) {
      clock = new Date(clock.getTime() + 1_000);
      fake.emit(i % 2 === 0 ? 'user.created' : 'user.updated', { id: `user_${i}` });
    }
    const first = await feed({ limit: 2 });
    const rest = await feed({ after: first.list_metadata.after ?? '' });
    const updated = await feed({ events: 'user.updated', after: first.data[0]?.id ?? '' });
    const ofRange = await feed({
      range_start: '2030-01-01T00:00:02Z',
      range_end: '2030-01-01T00:00:04Z',
    });

    expect(first.data.map(({ data }) => data.id)).toEqual(['user_0', 'user_1']);
    expect(rest.data.map(({ data }) => data.id)).toEqual(['user_2', 'user_3', 'user_4']);
    expect(rest.list_metadata.after).toBeNull();
    expect(updated.data.map(({ data }) => data.id)).toEqual(['user_1', 'user_3']);
    expect(ofRange.data.map(({ data }) => data.id)).toEqual(['user_1', 'user_2']);
    expect((await feed({ organization_id: 'org_none' })).data).toEqual([]);
  });

  it('are delivered so that the SDK accepts them', async () => {
    const event = fake.emit('user.created', { object: 'user', id: 'user_1' });
    const { body, headers } = webhookRequest(event, 'secret');

    const verified = workos.webhooks.constructEvent({
      payload: JSON.parse(body) as Record<string, unknown>,
      sigHeader: headers['workos-signature'] ?? '',
      secret: 'secret',
    });

    await expect(verified).resolves.toMatchObject({ id: event.id, event: 'user.created' });
  });
});
