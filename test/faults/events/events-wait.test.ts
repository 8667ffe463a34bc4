import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createApplier, type Applier } from '../../../src/events/apply/applier.ts';
import { insertEvents } from '../../../src/events/inbox/store.ts';
import { createOrganizations } from '../../../src/tenants/organizations/organizations.ts';
import { createProvisioning } from '../../../src/tenants/provisioning/provisioning.ts';
import { reconcile } from '../../../src/tenants/provisioning/reconciler.ts';
import { createTenantStore } from '../../../src/tenants/registry/store.ts';
import { createUpstream } from '../../../src/workos/upstream.ts';
import { interleave, pauseCall } from '../../support/interleave.ts';
import { startTestApp, type TestApp, type TestClient } from '../../support/test-app.ts';
import { workosEvent } from '../../support/workos-events.ts';
import { waitFor } from '../../support/wait-for.ts';
import { within } from '../../support/within.ts';

const SECRET = 'secret-of-the-waiting';

let gatehouse: TestApp;
let client: TestClient;
let applier: Applier;
beforeEach(async () => {
  gatehouse = await startTestApp({ replicas: 2, env: { WORKOS_WEBHOOK_SECRETS: SECRET } });
  client = await gatehouse.createClient();
  applier = createApplier({ db: gatehouse.database.db, handlers: [] });
});
afterEach(() => gatehouse.stop());

const put = (id: string, body: object = {}) =>
  gatehouse
    .as(client)
    .put(`/v1/tenants/${id}`)
    .send({ name: id, ...body });
const hearOfEverything = () =>
  gatehouse.workos.addWebhookEndpoint({
    url: `${gatehouse.urls[1] ?? ''}/webhooks/workos`,
    secret: SECRET,
  });
const events = () =>
  gatehouse.database.superuser<{ event: string; tenant_id: string | null; placed: boolean }>(
    `select event, tenant_id, position is not null as placed from events order by position, created_at, id`,
  );
const came = (event: string) =>
  waitFor(async () => (await events()).some((one) => one.event === event), { what: event });
const onlyOrganization = () => [...gatehouse.workos.organizations.keys()].at(-1) ?? '';
const insert = (...given: Parameters<typeof insertEvents>[1]) =>
  insertEvents(gatehouse.database.db, given, 'webhook');
const domain = (organizationId: string) =>
  workosEvent('organization_domain.created', {
    id: 'd',
    organization_id: organizationId,
    domain: 'a.b',
  });
const stranger = (externalId: string | null) =>
  workosEvent('organization.created', {
    object: 'organization',
    id: 'org_s',
    external_id: externalId,
  });

describe('an event that comes before its tenant is provisioned', () => {
  it('waits for the tenant, and is then assigned to it', async () => {
    hearOfEverything();

    const [answer] = await interleave(
      pauseCall(gatehouse.workos, 'POST /organizations', 'after-effect'),
      () => put('acme', { domains: [{ domain: 'acme.com', state: 'pending' }] }),
      async () => {
        await came('organization.created');
        await insert(domain(onlyOrganization()));
        await applier.applyWaiting();
        expect((await events()).filter(({ placed }) => placed)).toEqual([]);
        expect(applier.waitsForTenants()).toBe(true);
      },
    );
    await applier.applyWaiting();

    expect(answer.status).toBe(201);
    const placed = await events();
    expect(new Set(placed.map((one) => [one.tenant_id, one.placed].join()))).toEqual(
      new Set(['acme,true']),
    );
    expect(placed.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['organization.created', 'organization_domain.created']),
    );
    expect(applier.waitsForTenants()).toBe(false);
  });

  it('waits while an organization is being adopted', async () => {
    await put('other');
    const organizationId = onlyOrganization();
    await gatehouse.database.superuser(`delete from tenants where id = 'other'`);
    await gatehouse.database.superuser(`delete from events`);

    const unmarked = { external_id: null, metadata: {} };
    Object.assign(gatehouse.workos.state.organizations.get(organizationId) ?? {}, unmarked);
    const [answer] = await interleave(
      pauseCall(gatehouse.workos, 'PUT /organizations/*', 'after-effect'),
      () => put('adopter', { workos_organization_id: organizationId }),
      async () => {
        await insert(domain(organizationId));
        await applier.applyWaiting();
        expect((await events()).filter(({ placed }) => placed)).toEqual([]);
      },
    );
    await applier.applyWaiting();

    expect([answer.status, await events()]).toMatchObject([
      201,
      [{ event: 'organization_domain.created', tenant_id: 'adopter', placed: true }],
    ]);
  });

  it('does not delay the events of other tenants, however many wait', async () => {
    await put('other');
    const own = onlyOrganization();

    await interleave(
      pauseCall(gatehouse.workos, 'POST /organizations', 'after-effect'),
      () => put('acme'),
      async () => {
        await gatehouse.database.superuser(
          `insert into events (id, event, organization_id, data, created_at, source)
           select 'event_' || n, 'connection.activated', 'org_' || n, '{}', now(), 'feed'
           from generate_series(1, 20000) n`,
        );
        await insert(domain(own));
        const began = performance.now();
        await applier.applyWaiting();
        const tookMs = performance.now() - began;

        const placed = (await events()).filter((one) => one.placed);
        expect(placed.map(({ tenant_id }) => tenant_id)).toContain('other');
        // Page after page of a hundred, it would be half a minute.
        expect(tookMs).toBeLessThan(within(4_000));
      },
    );
  });

  it('does not hold back an event that names its tenant, or an older one', async () => {
    const old = { ...domain('org_old'), created_at: new Date(Date.now() - 240_000).toISOString() };

    await interleave(
      pauseCall(gatehouse.workos, 'POST /organizations', 'after-effect'),
      () => put('acme'),
      async () => {
        await insert(stranger('somebody-else'), old, domain('org_unknown'));
        await applier.applyWaiting();
      },
    );

    expect((await events()).map(({ event, placed }) => [event, placed])).toEqual([
      ['organization_domain.created', true],
      ['organization.created', true],
      ['organization_domain.created', false],
    ]);
  });

  it('waits for the reconciler after a crash, for at most an hour', async () => {
    gatehouse.workos.fault('POST /organizations', { kind: 'after-effect-reset' }, { times: 1 });
    await put('acme');
    gatehouse.workos.clearFaults();
    await insert(domain(onlyOrganization()), domain('org_unknown'));
    await applier.applyWaiting();
    const during = (await events()).filter(({ placed }) => placed).length;

    await gatehouse.database.superuser(
      `update events set received_at = now() - interval '61 minutes' where organization_id = 'org_unknown'`,
    );
    await applier.applyWaiting();
    const later = (await events()).filter(({ placed }) => placed).length;
    const { config, database } = gatehouse;
    const upstream = createUpstream(config.workos);
    const tenants = createTenantStore(database.db);
    const organizations = createOrganizations(upstream, config.workos.externalIdPrefix);
    const provisioning = createProvisioning({ tenants, organizations });
    await database.superuser(`update tenants set lease_until = now() - interval '1 second'`);
    await reconcile({ tenants, organizations, provisioning });
    await upstream.close();
    await applier.applyWaiting();

    expect([during, later]).toEqual([0, 1]);
    expect((await events()).map(({ tenant_id }) => tenant_id)).toEqual([null, 'acme']);
  });

  it('is assigned to the tenant although WorkOS’s clock is a minute behind ours', async () => {
    await put('acme');
    const early = new Date(Date.now() - 60_000).toISOString();
    await gatehouse.database.superuser(`update tenants set created_at = now()`);
    await insert({ ...domain(onlyOrganization()), created_at: early });

    await applier.applyWaiting();

    expect((await events()).at(-1)).toMatchObject({ tenant_id: 'acme' });
  });

  it('waits although WorkOS’s clock is a minute behind ours', async () => {
    const early = new Date(Date.now() - 60_000).toISOString();

    await interleave(
      pauseCall(gatehouse.workos, 'POST /organizations', 'after-effect'),
      () => put('acme'),
      async () => {
        await insert({ ...domain(onlyOrganization()), created_at: early });
        await applier.applyWaiting();
      },
    );
    await applier.applyWaiting();

    expect(await events()).toMatchObject([{ tenant_id: 'acme', placed: true }]);
  });

  it('stays with the tenant that had the organization when it happened', async () => {
    await put('former');
    const organizationId = onlyOrganization();
    const { superuser } = gatehouse.database;
    await superuser(
      `update tenants set status = 'deleted', organization_id = null, former_organization_id = organization_id,
         created_at = now() - interval '1 hour', updated_at = now() - interval '20 seconds'`,
    );
    await superuser(
      `insert into tenants (id, status, name, domains, metadata, organization_id)
       values ('next', 'active', 'next', '[]', '{}', '${organizationId}')`,
    );
    const before = new Date(Date.now() - 60_000).toISOString();
    await insert({ ...domain(organizationId), created_at: before });

    await applier.applyWaiting();

    expect((await events()).at(-1)).toMatchObject({ tenant_id: 'former' });
  });
});
