import { beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Intent } from '../../src/core/intents.ts';
import { startWorker } from '../../src/process/worker.ts';
import { createLaunch, lastLinkRequest, openLaunchPage } from '../support/portal-calls.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { workosEvent, applyEvents } from '../support/workos-events.ts';
import { waitFor } from '../support/wait-for.ts';

const gatehouse = useGatehouse();
let client: TestClient;
let tenants = 0;

beforeAll(async () => {
  client = await gatehouse.createClient();
});

interface Visit {
  readonly id: string;
  readonly organizationId: string;
}

async function newTenant(): Promise<string> {
  tenants += 1;
  await gatehouse.provision(`tenant-${tenants}`);
  return `tenant-${tenants}`;
}

/** Sends an IT admin to the portal. */
async function visit(intent: Intent, tenant?: string): Promise<Visit> {
  const tenantId = tenant ?? (await newTenant());
  const userToken = await gatehouse.userToken({ tenant_id: tenantId });
  const launch = await createLaunch(gatehouse, client, { tenant_id: tenantId, intent, userToken });
  await openLaunchPage(gatehouse.url, { ticket: launch.ticket });
  const { organization } = lastLinkRequest(gatehouse);
  return { id: launch.id, organizationId: organization };
}

const launch = async ({ id }: Visit) =>
  (await gatehouse.as(client).get(`/v1/portal-launches/${id}`)).body as Record<string, unknown>;

const inHours = (hours: number): Date => new Date(Date.now() + hours * 3_600_000);

const of = ({ organizationId }: Visit, fields: object = {}) => ({
  id: 'one',
  organization_id: organizationId,
  ...fields,
});

describe('a portal launch', () => {
  it.each<[Intent, string, (of: object) => object]>([
    ['sso', 'connection.activated', (one) => one],
    ['dsync', 'dsync.activated', (one) => one],
    ['domain_verification', 'organization_domain.verified', (one) => one],
    [
      'certificate_renewal',
      'connection.saml_certificate_renewed',
      (connection) => ({ connection }),
    ],
    [
      'bring_your_own_key',
      'vault.byok_key.verification_completed',
      (one) => ({ ...one, verified: true }),
    ],
  ])('for %s is configured once WorkOS sends %s', async (intent, event, data) => {
    const visited = await visit(intent);
    const at = inHours(1);

    const before = await launch(visited);
    await applyEvents(gatehouse, workosEvent(event, { ...data(of(visited)) }, at));
    await applyEvents(gatehouse, workosEvent(event, { ...data(of(visited)) }, inHours(2)));

    expect(before).toMatchObject({ status: 'redirected', configured_at: null });
    expect(await launch(visited)).toMatchObject({
      status: 'configured',
      configured_at: at.toISOString(),
      returned_at: null,
    });
  });

  it('is not configured by an event before its redirect, or more than a day after', async () => {
    const visited = await visit('sso');

    await applyEvents(
      gatehouse,
      workosEvent('connection.activated', of(visited), inHours(-0.001)),
      workosEvent('connection.activated', of(visited), inHours(24.01)),
    );

    expect(await launch(visited)).toMatchObject({ status: 'redirected', configured_at: null });
  });

  it('is not configured by an event of another intent or tenant, or of a failure', async () => {
    const [sso, key, stranger] = [
      await visit('sso'),
      await visit('bring_your_own_key'),
      await visit('sso'),
    ];
    const soon = inHours(0.1);

    await applyEvents(
      gatehouse,
      workosEvent('dsync.activated', of(sso), soon),
      workosEvent('connection.deactivated', of(sso), soon),
      workosEvent('vault.byok_key.verification_completed', of(key, { verified: false }), soon),
      workosEvent('connection.activated', of(stranger), soon),
    );

    expect(await Promise.all([sso, key, stranger].map(launch))).toMatchObject([
      { status: 'redirected' },
      { status: 'redirected' },
      { status: 'configured' },
    ]);
  });

  it('that was never redeemed is not configured', async () => {
    const tenantId = await newTenant();
    const visited = await visit('sso', tenantId);
    const userToken = await gatehouse.userToken({ tenant_id: tenantId });
    const waiting = await createLaunch(gatehouse, client, { tenant_id: tenantId, userToken });

    await applyEvents(gatehouse, workosEvent('connection.activated', of(visited), inHours(0.001)));

    expect(await launch({ ...visited, id: waiting.id })).toMatchObject({ status: 'created' });
  });

  it('stays configured when the browser returns', async () => {
    const visited = await visit('sso');
    const { return_url: back } = lastLinkRequest(gatehouse);
    gatehouse.workos.addConnection(visited.organizationId);
    await applyEvents(gatehouse, workosEvent('connection.activated', of(visited), inHours(0.001)));

    await gatehouse.anonymous.get(back.replace(gatehouse.config.publicUrl, ''));

    expect(await launch(visited)).toMatchObject({
      status: 'configured',
      returned_at: expect.any(String),
    });
  });

  it('is configured, and its tenant’s setup with it, by the worker alone', async () => {
    const visited = await visit('sso');
    const setup = async () =>
      (await gatehouse.as(client).get(`/v1/tenants/tenant-${tenants}/setup`)).body as object;
    const unread = await setup();
    const worker = await startWorker(gatehouse.config, pino({ level: 'silent' }));

    gatehouse.workos.addConnection(visited.organizationId, { name: 'Okta' });
    await waitFor(async () => (await launch(visited)).status === 'configured', {
      withinMs: 15_000,
      what: 'the worker',
    });
    await worker.stop();

    expect(unread).toMatchObject({ features: { sso: { state: 'not_configured' } } });
    expect(await setup()).toMatchObject({
      source: 'mirror',
      features: { sso: { state: 'active', connections: [{ name: 'Okta' }] } },
    });
  });
});
