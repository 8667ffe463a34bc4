import { beforeAll, describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import { WorkOS as WorkOS8 } from 'workos-node-8';
import { createApplier } from '../../src/events/apply/applier.ts';
import { recordEvent } from '../../src/events/inbox/gatehouse-events.ts';
import { insertEvents } from '../../src/events/inbox/store.ts';
import { sdkOptions } from '../support/sdk.ts';
import { specValidator } from '../support/spec-validator.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { workosEvent } from '../support/workos-events.ts';

const gatehouse = useGatehouse();
let platform: TestClient;
let client: TestClient;
/** Tenant → organization. */
const organizations = new Map<string, string>();
const STRANGER = 'org_01ARZ3NDEKTSV4RRFFQ69G5FAV';

beforeAll(async () => {
  platform = await gatehouse.createClient();
  client = await gatehouse.createClient({ scopes: ['events:read'], tenants: ['acme', 'own-*'] });
  for (const tenant of ['acme', 'own-1', 'globex']) {
    await gatehouse.provision(tenant);
    organizations.set(tenant, await organizationOf(gatehouse, tenant));
  }
  await arrange();
});

interface Event {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly created_at: string;
}
interface Feed {
  readonly object: 'list';
  readonly data: readonly Event[];
  readonly list_metadata: { readonly before: null; readonly after: string | null };
}

let second = 0;
const START = Date.now() + 60_000;
const later = () => new Date(START + 1_000 * (second += 1));
const connection = (tenant: string, event = 'connection.activated') =>
  workosEvent(
    event,
    { object: 'connection', id: `conn_${second}`, organization_id: organizations.get(tenant) },
    later(),
  );

async function apply(): Promise<void> {
  const applier = createApplier({ db: gatehouse.database.db, handlers: [] });
  await applier.applyWaiting();
}

/** One after the other: 4 events of each tenant, one of a stranger, one of nobody, one of our own. */
async function arrange(): Promise<void> {
  const { db } = gatehouse.database;
  for (let round = 0; round < 4; round += 1) {
    for (const tenant of organizations.keys())
      await insertEvents(
        db,
        [connection(tenant, round === 1 ? 'dsync.activated' : undefined)],
        'feed',
      );
  }
  await insertEvents(
    db,
    [
      workosEvent('connection.activated', { id: 'conn_x', organization_id: STRANGER }, later()),
      workosEvent('user.created', { object: 'user', id: 'user_1' }, later()),
    ],
    'feed',
  );
  await apply();
  await recordEvent(db, {
    event: 'gatehouse.portal_launch.returned',
    tenantId: 'acme',
    data: { id: 'launch_1', tenant_id: 'acme' },
  });
  await apply();
}

const read = async (query = '', by = client): Promise<Feed> =>
  (await gatehouse.as(by).get(`/events${query}`).expect(200)).body as Feed;
const tenantsOf = ({ data }: Feed) =>
  data.map(({ data: of }) => of.organization_id ?? of.tenant_id ?? null);
const ids = ({ data }: Feed) => data.map(({ id }) => id);

describe('listEvents', () => {
  it('lists the oldest first by default, or the newest first', async () => {
    const [oldest, newest] = [await read('?limit=100'), await read('?limit=100&order=desc')];

    expect(oldest).toMatchObject({ object: 'list', list_metadata: { before: null } });
    expect(oldest.data).toHaveLength(9);
    expect(ids(newest)).toEqual(ids(oldest).reverse());
    expect(oldest.data.at(-1)?.event).toBe('gatehouse.portal_launch.returned');
  });

  it('lists only the events of the client’s tenants, with tenant ids', async () => {
    const feed = await read('?limit=100');

    expect(tenantsOf(feed)).toEqual(
      [...Array<string[]>(4).fill(['acme', 'own-1'])].flat().concat('acme'),
    );
    expect(JSON.stringify(feed)).not.toMatch(/org_/);
  });

  it('also lists events without a tenant for a client with every tenant, without the organization id', async () => {
    const feed = await read('?limit=100', platform);

    expect(feed.data).toHaveLength(15);
    expect(tenantsOf(feed).filter((tenant) => tenant === '')).toHaveLength(1);
    expect(JSON.stringify(feed)).not.toMatch(/org_/);
  });

  it('keeps WorkOS’s types for events of an organization without a tenant, which typed SDKs refuse otherwise', async () => {
    const [created_at, updated_at] = [later().toISOString(), later().toISOString()];
    const domain = { object: 'organization_domain', id: 'org_domain_1', domain: 'a.example' };
    const data = {
      ...{
        object: 'organization',
        id: STRANGER,
        name: 'Stranger',
        metadata: {},
        external_id: null,
      },
      domains: [{ ...domain, organization_id: STRANGER, created_at, updated_at }],
      ...{ created_at, updated_at },
    };
    const event = workosEvent('organization.created', data, later());
    await insertEvents(gatehouse.database.db, [event], 'feed');
    await apply();

    const feed = await read('?events=organization.created&order=desc&limit=1', platform);

    expect(ids(feed)).toEqual([event.id]);
    // The specification has no `before` in this list.
    const body = { ...feed, list_metadata: { after: feed.list_metadata.after } };
    expect(specValidator().faultsOf({ operation: 'GET /events', status: 200, body })).toEqual([]);
  });

  it('returns the last event of every page as cursor', async () => {
    const seen: string[] = [];
    let page = await read('?limit=4');
    for (; page.data.length > 0; page = await read(`?limit=4&after=${seen.at(-1) ?? ''}`)) {
      expect(page.list_metadata.after).toBe(page.data.at(-1)?.id);
      seen.push(...ids(page));
    }

    expect(page.list_metadata).toEqual({ before: null, after: null });
    expect(seen).toEqual(ids(await read('?limit=100')));
  });

  it('ends at the cursor with which an iterator of an SDK began, and which it still sends', async () => {
    const all = ids(await read('?limit=100'));
    const at = all.at(5) ?? '';
    const page = await read(`?limit=3&before=${at}`);
    const last = page.list_metadata.after ?? '';

    const rest = await read(`?limit=3&before=${at}&after=${last}`);

    expect(ids(page)).toEqual(all.slice(2, 5));
    expect([ids(rest), rest.list_metadata.after]).toEqual([[], null]);
  });

  it('continues with new events, also after the last page', async () => {
    const last = (await read('?limit=100')).list_metadata.after ?? '';
    const event = connection('own-1', 'connection.deactivated');
    await insertEvents(gatehouse.database.db, [connection('globex'), event], 'feed');
    await apply();

    expect(ids(await read(`?after=${last}`))).toEqual([event.id]);
  });

  it('does not list an event before it has a position', async () => {
    const event = connection('acme');
    await insertEvents(gatehouse.database.db, [event], 'feed');

    const feed = await read('?limit=100');
    await apply();

    expect(ids(feed)).not.toContain(event.id);
    expect(ids(await read('?limit=100'))).toContain(event.id);
  });

  it('filters by type, by tenant and by time', async () => {
    const all = await read('?limit=100');
    const [third, fifth] = [all.data[2], all.data[4]];

    const byType = await read('?events=dsync.activated,user.created');
    const repeated = await read('?events=dsync.activated&events=dsync.deleted');
    const byTenant = await read('?organization_id=own-1&limit=100');
    const byTime = await read(
      `?range_start=${third?.created_at ?? ''}&range_end=${fifth?.created_at ?? ''}`,
    );

    expect(tenantsOf(byType)).toEqual(['acme', 'own-1']);
    expect(ids(repeated)).toEqual(ids(byType));
    expect(new Set(tenantsOf(byTenant))).toEqual(new Set(['own-1']));
    expect(ids(byTime)).toEqual(ids(all).slice(2, 4));
  });

  it('keeps the range with a cursor, as iterators of SDKs send both', async () => {
    const all = await read('?limit=100');
    const [third, fifth] = [all.data[2], all.data[4]];
    const inRange = ({ created_at }: Event) => created_at >= (third?.created_at ?? '');
    const since = (at: number) =>
      all.data
        .slice(at)
        .filter(inRange)
        .map(({ id }) => id);
    const range = `range_start=${third?.created_at ?? ''}&limit=100`;

    const wider = await read(`?${range}&after=${all.data[0]?.id ?? ''}`);
    const narrower = await read(`?${range}&after=${fifth?.id ?? ''}`);

    expect(ids(wider)).toEqual(since(2));
    expect(ids(narrower)).toEqual(since(5));
    expect(since(5)).not.toEqual([]);
  });

  it('answers the same for another client’s tenant and an unknown one', async () => {
    const [foreign, none] = await Promise.all(
      ['globex', 'nowhere'].map((tenant) =>
        gatehouse.as(client).get(`/events?organization_id=${tenant}`).set('x-request-id', 'same'),
      ),
    );

    expect(foreign?.status).toBe(404);
    expect(foreign?.body).toMatchObject({ code: 'tenant_not_found' });
    expect(foreign?.text).toBe(none?.text);
  });

  it('answers the same for another client’s cursor and an unknown one', async () => {
    const own = ids(await read('?limit=100'));
    const foreign = ids(await read('?limit=100', platform)).find((id) => !own.includes(id)) ?? '';
    const waiting = connection('acme');
    await insertEvents(gatehouse.database.db, [waiting], 'feed');

    const answers = await Promise.all(
      [foreign, 'event_of_nobody', waiting.id].map((after) =>
        gatehouse.as(client).get(`/events?after=${after}`).set('x-request-id', 'same'),
      ),
    );
    await apply();

    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({
      errors: [{ field: 'after', code: 'after_unknown' }],
    });
  });

  it('names the cursor that is unknown', async () => {
    const res = await gatehouse.as(client).get('/events?before=event_of_nobody');

    expect(res.status).toBe(422);
    expect(res.body).toMatchObject({ errors: [{ field: 'before', code: 'before_unknown' }] });
  });

  it.each([
    ['no time', '?range_start=yesterday', 'range_start'],
    ['a limit of 101', '?limit=101', 'limit'],
    ['an unknown order', '?order=up', 'order'],
    ['two cursors that are unknown', '?after=event_1&before=event_1', 'after'],
    ['no type', '?events=Everything!', 'events.0'],
    ['an organization’s id', `?organization_id=${STRANGER}`, 'organization_id'],
  ])('refuses %s', async (_what, query, field) => {
    const res = await gatehouse.as(client).get(`/events${query}`);

    expect(res.status).toBe(422);
    expect(res.body).toMatchObject({ errors: [{ field }] });
  });

  it('lists the events of an API key for the tenant that owns the key', async () => {
    const owner = { type: 'organization', id: organizations.get('own-1') };
    const event = workosEvent(
      'api_key.created',
      { object: 'api_key', id: 'key_1', owner },
      later(),
    );
    await insertEvents(gatehouse.database.db, [event], 'feed');
    await apply();

    expect((await read('?events=api_key.created')).data).toMatchObject([
      { id: event.id, data: { id: 'key_1', owner: { type: 'organization', id: 'own-1' } } },
    ]);
  });

  it.each(['organization_id', 'id'])(
    'gives no tenant an event for what somebody wrote into the metadata of a user: %s',
    async (name) => {
      const metadata = { type: 'organization', [name]: organizations.get('own-1') };
      const event = workosEvent(
        'user.updated',
        { object: 'user', id: 'user_2', metadata },
        later(),
      );
      await insertEvents(gatehouse.database.db, [event], 'feed');
      await apply();

      expect((await read('?events=user.updated')).data).toEqual([]);
    },
  );
});

describe.each([
  ['11', WorkOS],
  ['8', WorkOS8],
])('the WorkOS SDK %s', (_version, Sdk) => {
  it('reads the feed page by page', async () => {
    const workos = new Sdk(client.key, sdkOptions(gatehouse));

    const first = await workos.events.listEvents({ events: ['dsync.activated'], limit: 1 });
    const next = await workos.events.listEvents({
      events: ['dsync.activated', 'dsync.deleted'],
      after: first.listMetadata.after ?? '',
    });

    expect(first.data[0]?.data).toMatchObject({ organizationId: 'acme' });
    expect(next.data.map(({ event, data }) => [event, data])).toEqual([
      ['dsync.activated', expect.objectContaining({ organizationId: 'own-1' })],
    ]);
  });

  it('filters by tenant and time', async () => {
    const workos = new Sdk(client.key, sdkOptions(gatehouse));

    const { data } = await workos.events.listEvents({
      events: ['connection.activated'],
      organizationId: 'own-1',
      rangeStart: new Date(START).toISOString(),
      order: 'desc',
      limit: 2,
    });

    expect(data.map((event) => event.data)).toEqual([
      expect.objectContaining({ organizationId: 'own-1' }),
      expect.objectContaining({ organizationId: 'own-1' }),
    ]);
  });
});
