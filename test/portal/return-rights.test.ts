/** The return page and `/launch-portal` use client, tenant and registry as they are now. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { interleave, pauseCall } from '../support/interleave.ts';
import {
  createLaunch,
  headingIn,
  lastLinkRequest,
  linkRequests,
  openLaunchPage,
  pressButton,
} from '../support/portal-calls.ts';
import { RETURN_ORIGIN, type TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const OPERATOR = operator('test');
const BACK = `${RETURN_ORIGIN}/back`;
const DONE = 'https://done.example/';

const gatehouse = useGatehouse({ replicas: 2 });
/** The client of the platform team. No test takes a permission from it. */
let platform: TestClient;
let made = 0;

beforeAll(async () => {
  platform = await gatehouse.createClient();
});

interface Party {
  readonly tenantId: string;
  readonly userId: string;
  readonly client: TestClient;
  readonly userToken: string;
}

async function newParty(): Promise<Party> {
  made += 1;
  const [tenantId, userId] = [`tenant-${made}`, `user-${made}`];
  const client = await gatehouse.createClient({
    returnOrigins: [RETURN_ORIGIN, 'https://done.example'],
  });
  await gatehouse.provision(tenantId);
  const userToken = await gatehouse.userToken({ sub: userId, tenant_id: tenantId });
  return { tenantId, userId, client, userToken };
}

const ticketOf = async (party: Party, fields: object = {}): Promise<string> =>
  (
    await createLaunch(gatehouse, party.client, {
      tenant_id: party.tenantId,
      userToken: party.userToken,
      return_url: BACK,
      success_url: DONE,
      ...fields,
    })
  ).ticket;

const elsewhere = () => gatehouse.as(platform, undefined, 1);
const update = (
  { client }: Party,
  fields: Parameters<ReturnType<typeof createClientRegistry>['update']>[2],
) => createClientRegistry(gatehouse.database.db).update(OPERATOR, client.id, fields);
const remove = ({ client }: Party) =>
  createClientRegistry(gatehouse.database.db).delete(OPERATOR, client.id);
const setState = ({ tenantId, userId }: Party, state: string) =>
  elsewhere().put(`/v1/tenants/${tenantId}/it-admins/${userId}`).send({ state });
const suspend = ({ tenantId }: Party) =>
  elsewhere().patch(`/v1/tenants/${tenantId}`).send({ status: 'suspended' });

/** Returns the URL to which WorkOS would send the browser back. */
async function visit(party: Party): Promise<() => PromiseLike<Response>> {
  await openLaunchPage(gatehouse.url, { ticket: await ticketOf(party) });
  const { organization, return_url: url } = lastLinkRequest(gatehouse);
  gatehouse.workos.addConnection(organization, { name: 'Okta of Acme' });
  return () => gatehouse.anonymous.get(url.replace(gatehouse.config.publicUrl, ''));
}

describe('the return page', () => {
  it.each<[string, (party: Party) => PromiseLike<unknown>]>([
    ['the user was denied', (party) => setState(party, 'denied')],
    ['the tenant was suspended', suspend],
    ['the tenant was deleted', ({ tenantId }) => elsewhere().delete(`/v1/tenants/${tenantId}`)],
    ['the client was disabled', (party) => update(party, { disabled: true })],
    ['the client lost portal:launch', (party) => update(party, { scopes: ['tenants:read'] })],
    ['the client lost the tenant', (party) => update(party, { tenants: ['globex'] })],
    ['the client was deleted', remove],
  ])('does not show what is set up once %s', async (_case, lose) => {
    const party = await newParty();
    const comeBack = await visit(party);
    const before = await comeBack();

    await lose(party);
    const asked = gatehouse.workos.requests.length;
    const after = await comeBack();

    expect(before.text).toContain('Okta of Acme');
    expect([after.status, headingIn(after)]).toEqual([200, 'You are back from the Admin Portal']);
    expect(after.text).not.toMatch(/Okta|Check again/);
    expect(after.text).toMatch(/Continue to|You can close this page/);
    expect(gatehouse.workos.requests).toHaveLength(asked);
  });

  it('does not show what is set up when the user is denied during the call to WorkOS', async () => {
    const party = await newParty();
    const comeBack = await visit(party);

    const [page] = await interleave(
      pauseCall(gatehouse.workos, 'GET /connections', 'after-effect'),
      comeBack,
      () => setState(party, 'denied'),
    );

    expect([page.status, headingIn(page)]).toEqual([200, 'You are back from the Admin Portal']);
    expect(page.text).not.toMatch(/Okta|Check again/);
  });

  it('leads on to the product even when it shows nothing', async () => {
    const party = await newParty();
    const comeBack = await visit(party);

    await setState(party, 'denied');

    expect((await comeBack()).text).toContain(`href="${BACK}"`);
  });

  it('does not lead to an origin that was removed from return_origins', async () => {
    const party = await newParty();
    const comeBack = await visit(party);

    await update(party, { returnOrigins: ['https://done.example'] });
    const page = await comeBack();

    expect(page.text).not.toContain(RETURN_ORIGIN);
    expect(page.text).toContain('You can close this page.');
    expect(page.text).toContain('Okta of Acme');
  });
});

describe('a ticket’s URL whose origin was removed from return_origins', () => {
  it.each([
    ['return_url', { returnOrigins: ['https://done.example'] }],
    ['success_url', { returnOrigins: [RETURN_ORIGIN] }],
  ])('is refused by /launch-portal, which names the field: %s', async (field, fields) => {
    const party = await newParty();
    const tickets = [
      await ticketOf(party),
      await ticketOf(party, { return_page: false }),
      await ticketOf(party, { mode: 'confirm' }),
    ] as const;
    const before = linkRequests(gatehouse);

    await update(party, fields);
    const answers = [
      await openLaunchPage(gatehouse.url, { ticket: tickets[0] }),
      await openLaunchPage(gatehouse.url, { ticket: tickets[1] }),
      await pressButton(gatehouse.url, { ticket: tickets[2] }),
    ];

    for (const answer of answers) {
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(`<code>${field}</code>`);
      expect(answer.text).toContain('start again from there');
      expect(answer.headers).not.toHaveProperty('location');
    }
    expect(linkRequests(gatehouse)).toBe(before);
  });

  it('does not spend the ticket, which opens once the origin is registered again', async () => {
    const party = await newParty();
    const ticket = await ticketOf(party);
    await update(party, { returnOrigins: [] });
    const refused = await openLaunchPage(gatehouse.url, { ticket });

    await update(party, { returnOrigins: [RETURN_ORIGIN, 'https://done.example'] });
    const opened = await openLaunchPage(gatehouse.url, { ticket });

    expect([refused.status, opened.status]).toEqual([422, 303]);
  });

  it('withholds the link when the origin is removed during the call to WorkOS', async () => {
    const party = await newParty();
    const ticket = await ticketOf(party, { return_page: false });
    const pause = pauseCall(gatehouse.workos, 'POST /portal/generate_link', 'after-effect');

    const [answer] = await interleave(
      pause,
      () => openLaunchPage(gatehouse.url, { ticket }),
      () => update(party, { returnOrigins: [] }),
    );

    expect(answer.status).toBe(422);
    expect(answer.headers).not.toHaveProperty('location');
  });
});
