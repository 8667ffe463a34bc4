/** A link that WorkOS has created is released only if everything its permission depends on still holds. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { interleave, pauseCall } from '../support/interleave.ts';
import { createLatch } from '../support/latch.ts';
import { createLaunch, openLaunchPage, pressButton } from '../support/portal-calls.ts';
import { sample } from '../support/sample.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const MINT = 'POST /portal/generate_link';
const OPERATOR = operator('test');

const gatehouse = useGatehouse({ replicas: 2 });
/** The client of the platform team. No test takes a permission from it. */
let platform: TestClient;
let made = 0;

beforeAll(async () => {
  platform = await gatehouse.createClient();
});

const registry = () => createClientRegistry(gatehouse.database.db);
/** The replica that does not get the request for the link. */
const elsewhere = () => gatehouse.as(platform, undefined, 1);

/** A separate tenant, client and IT admin, so that a test can take permissions away. */
interface Party {
  readonly tenantId: string;
  readonly client: TestClient;
  readonly userId: string;
  readonly token: string;
}

async function newParty({ roles = ['it_admin'] }: { roles?: string[] } = {}): Promise<Party> {
  made += 1;
  const [tenantId, userId] = [`tenant-${made}`, `user-${made}`];
  const client = await gatehouse.createClient();
  await gatehouse.provision(tenantId);
  const token = await gatehouse.userToken({ sub: userId, tenant_id: tenantId, roles });
  return { tenantId, client, userId, token };
}

const setState = ({ tenantId, userId }: Party, state: string) =>
  elsewhere().put(`/v1/tenants/${tenantId}/it-admins/${userId}`).send({ state });
const takeGrant = ({ tenantId, userId }: Party) =>
  elsewhere().delete(`/v1/tenants/${tenantId}/it-admins/${userId}`);
const update = ({ client }: Party, fields: Parameters<ReturnType<typeof registry>['update']>[2]) =>
  registry().update(OPERATOR, client.id, fields);
const registerAgain = async ({ client }: Party) => {
  await registry().delete(OPERATOR, client.id);
  await gatehouse.createClient({ id: client.id });
};
/** Gives the tenant another organization. */
const remap = ({ tenantId }: Party) =>
  gatehouse.database.superuser(
    `update tenants set organization_id = organization_id || '_2' where id = $1`,
    [tenantId],
  );

type Lose = (party: Party) => PromiseLike<unknown>;

/** Changes committed on the other replica during the call to WorkOS, and the replies by ticket and by `generate_link`. */
const LOSSES: readonly [string, Lose, number, number][] = [
  ['the user is denied', (party) => setState(party, 'denied'), 403, 403],
  ['the client is disabled', (party) => update(party, { disabled: true }), 410, 401],
  [
    'the client loses portal:launch',
    (party) => update(party, { scopes: ['portal:invite'] }),
    403,
    403,
  ],
  ['the client loses the tenant', (party) => update(party, { tenants: ['globex-*'] }), 404, 404],
  ['the client is deleted', ({ client }) => registry().delete(OPERATOR, client.id), 410, 401],
  ['the client is deleted and its id registered again', registerAgain, 410, 401],
  [
    'the tenant is suspended',
    ({ tenantId }) => elsewhere().patch(`/v1/tenants/${tenantId}`).send({ status: 'suspended' }),
    409,
    409,
  ],
  [
    'the tenant is deleted',
    ({ tenantId }) => elsewhere().delete(`/v1/tenants/${tenantId}`),
    404,
    404,
  ],
  ['the tenant gets another organization', remap, 409, 409],
];

const launchOf = ({ client, tenantId, token }: Party, fields: Record<string, unknown> = {}) =>
  createLaunch(gatehouse, client, { tenant_id: tenantId, userToken: token, ...fields });
const asked = ({ client, tenantId }: Party) => ({
  client_id: client.id,
  tenant_id: tenantId,
  intent: 'sso',
});

type Ask = () => PromiseLike<Response>;
/** The four ways to a link, each prepared for one request. */
const WAYS: Readonly<Record<string, (party: Party) => Promise<Ask>>> = {
  'a ticket': async (party) => {
    const { ticket } = await launchOf(party);
    return () => openLaunchPage(gatehouse.url, { ticket });
  },
  'the button': async (party) => {
    const { ticket } = await launchOf(party, { mode: 'confirm' });
    return () => pressButton(gatehouse.url, { ticket });
  },
  'a signed-in user': (party) =>
    Promise.resolve(() =>
      openLaunchPage(gatehouse.url, asked(party), { cookie: `session=${party.token}` }),
    ),
  generate_link: ({ client, token, tenantId }) =>
    Promise.resolve(() =>
      gatehouse
        .as(client, token)
        .post('/portal/generate_link')
        .send({ organization: tenantId, intent: 'sso' }),
    ),
};

/** Requests a link, and runs `lose` after WorkOS has created it and before it answers. @returns the reply */
async function requestWhile(party: Party, way: string, lose: Lose): Promise<Response> {
  const ask = await WAYS[way]?.(party);
  if (!ask) throw new Error(`There is no way ${way}.`);
  const pause = pauseCall(gatehouse.workos, MINT, 'after-effect');
  const [answer] = await interleave(pause, ask, () => lose(party));
  return answer;
}

function expectNoLink({ headers, text }: Response): void {
  expect(headers).not.toHaveProperty('location');
  for (const token of gatehouse.workos.state.portalSessions.keys())
    expect(text).not.toContain(token);
}

const outcomesOf = async ({ headers }: Response): Promise<string[]> =>
  (
    await gatehouse.database.superuser<{ outcome: string }>(
      'select outcome from audit_trail where request_id = $1 order by id',
      [(headers as Record<string, string>)['x-request-id']],
    )
  ).map(({ outcome }) => outcome);

describe.each(Object.keys(WAYS).map((way, at) => [way, at] as const))(
  'a link created for %s',
  (way, at) => {
    it.each(sample(LOSSES, 3, at))(
      'is withheld when, during the call to WorkOS, %s',
      async (_case, lose, byLaunchPage, byApi) => {
        const answer = await requestWhile(await newParty(), way, lose);

        expect(answer.status).toBe(way === 'generate_link' ? byApi : byLaunchPage);
        expectNoLink(answer);
        const outcomes = await outcomesOf(answer);
        expect(outcomes).not.toContain('succeeded');
        expect(outcomes.at(-1)).toBe('refused');
      },
    );

    it('is withheld when the grant that made the user an IT admin is withdrawn', async () => {
      const party = await newParty({ roles: [] });
      await setState(party, 'granted');

      const answer = await requestWhile(party, way, takeGrant);

      expect(answer.status).toBe(403);
      expectNoLink(answer);
    });

    it('is released when nothing that its permission depends on has changed', async () => {
      const party = await newParty();
      const bystander = await newParty();

      const answer = await requestWhile(party, way, async () => {
        await setState(bystander, 'denied');
        await registry().delete(OPERATOR, bystander.client.id);
        await update(party, { name: 'Another name' });
      });

      expect([201, 303]).toContain(answer.status);
      expect((await outcomesOf(answer)).at(-1)).toBe('succeeded');
    });
  },
);

describe('a link for a user whom the client asserted', () => {
  it.each(['a ticket', 'generate_link'])(
    'is kept back when the client loses users:assert (%s)',
    async (way) => {
      const party = await newParty();
      const named = gatehouse
        .as(party.client)
        .set({ 'gatehouse-user-id': party.userId, 'gatehouse-user-roles': 'it_admin' });
      const { tenantId } = party;
      const ask = async () => {
        if (way === 'generate_link')
          return named
            .post('/portal/generate_link')
            .send({ organization: tenantId, intent: 'sso' });
        const launch = await named
          .post('/v1/portal-launches')
          .send({ tenant_id: tenantId, intent: 'sso' });
        const { url } = launch.body as { url: string };
        return openLaunchPage(gatehouse.url, {
          ticket: new URL(url).searchParams.get('ticket') ?? '',
        });
      };
      const pause = pauseCall(gatehouse.workos, MINT, 'after-effect');

      const [answer] = await interleave(pause, ask, () =>
        update(party, { scopes: ['portal:launch'] }),
      );

      expect(answer.status).toBe(403);
      expectNoLink(answer);
    },
  );
});

describe('a ticket whose link was withheld', () => {
  it('opens once permission is restored', async () => {
    const party = await newParty();
    const { ticket } = await launchOf(party);
    const pause = pauseCall(gatehouse.workos, MINT, 'after-effect');
    await interleave(
      pause,
      () => openLaunchPage(gatehouse.url, { ticket }),
      () => setState(party, 'denied'),
    );

    const denied = await openLaunchPage(gatehouse.url, { ticket });
    await setState(party, 'granted');
    const opened = await openLaunchPage(gatehouse.url, { ticket });
    const again = await openLaunchPage(gatehouse.url, { ticket });

    expect([denied.status, opened.status, again.status]).toEqual([403, 303, 410]);
  });

  it('opens the organization that the tenant has now', async () => {
    const party = await newParty();
    const { ticket } = await launchOf(party);
    const pause = pauseCall(gatehouse.workos, MINT, 'after-effect');

    const [kept] = await interleave(
      pause,
      () => openLaunchPage(gatehouse.url, { ticket }),
      () => remap(party),
    );

    expect(kept.text).toContain('<h1>Your organization is still being prepared</h1>');
    const minted = gatehouse.workos.requestsTo(MINT).length;
    await openLaunchPage(gatehouse.url, { ticket });
    const body = gatehouse.workos.requestsTo(MINT).slice(minted)[0]?.body;
    expect(body).toMatchObject({ organization: expect.stringMatching(/_2$/) });
  });

  it('needs portal:invite until it is redeemed, if it is long-lived and needs no signed-in user', async () => {
    const party = await newParty();
    await setState(party, 'granted');
    const { id, ticket } = await launchOf(party, { mode: 'confirm', expires_in: 86_400 });
    // A ticket as a deployment without `USER_TOKEN_COOKIE` creates it.
    await gatehouse.database.superuser(
      'update portal_launches set needs_signed_in_user = false where id = $1',
      [id],
    );
    const pause = pauseCall(gatehouse.workos, MINT, 'after-effect');

    const [answer] = await interleave(
      pause,
      () => pressButton(gatehouse.url, { ticket }),
      () => update(party, { scopes: ['portal:launch'] }),
    );

    expect(answer.status).toBe(403);
    expectNoLink(answer);
  });
});

describe('launches of a deleted client', () => {
  const mine = async (client: TestClient) =>
    (
      (await gatehouse.as(client).get('/v1/portal-launches')).body as { data: { id: string }[] }
    ).data.map(({ id }) => id);

  it('do not belong to a later client with the same id', async () => {
    const party = await newParty();
    const { id, ticket } = await launchOf(party);
    await registry().delete(OPERATOR, party.client.id);
    const heir = await gatehouse.createClient({ id: party.client.id });
    const own = await launchOf({ ...party, client: heir });
    const revokedAt = () =>
      gatehouse.database.superuser('select revoked_at from portal_launches where id = $1', [id]);
    const before = await revokedAt();

    const api = gatehouse.as(heir);
    const got = await api.get(`/v1/portal-launches/${id}`);
    const revoked = await api.post(`/v1/portal-launches/${id}/revoke`);
    const after = await api.get('/v1/portal-launches').query({ after: own.id });

    expect(await mine(heir)).toEqual([own.id]);
    expect([got.status, revoked.status]).toEqual([404, 404]);
    expect((after.body as { data: unknown[] }).data).toEqual([]);
    expect(await revokedAt()).toEqual(before);
    expect((await openLaunchPage(gatehouse.url, { ticket })).status).toBe(410);
  });

  it('stay the client’s when an older release wrote them without a generation', async () => {
    const party = await newParty();
    const [older, ofAnother] = [await launchOf(party), await launchOf(party)];
    await gatehouse.database.superuser(
      'update portal_launches set client_generation = null where id = any($1)',
      [[older.id, ofAnother.id]],
    );
    await gatehouse.database.superuser(
      `update portal_launches set created_at = created_at - interval '1 day' where id = $1`,
      [ofAnother.id],
    );

    expect(await mine(party.client)).toEqual([older.id]);
    expect((await openLaunchPage(gatehouse.url, { ticket: ofAnother.ticket })).status).toBe(410);
    expect((await openLaunchPage(gatehouse.url, { ticket: older.ticket })).status).toBe(303);
  });
});

describe('links that are created at the same time', () => {
  it('are released by one statement, each by its own permission', async () => {
    const parties = await Promise.all(Array.from({ length: 8 }, () => newParty()));
    const [reached, resumed] = [createLatch(), createLatch()];
    let waiting = 0;
    const onReached = () => {
      if ((waiting += 1) === parties.length) reached.open();
    };
    const hold = { kind: 'hold', until: resumed.opened, before: false, onReached } as const;
    gatehouse.workos.fault(MINT, hold, { times: parties.length });
    const answers = Promise.all(
      parties.map(async (party) => (await WAYS.generate_link?.(party))?.()),
    );
    await reached.opened;
    const denied = parties.filter((_, n) => n % 2 === 1);
    await Promise.all(denied.map((party) => setState(party, 'denied')));
    resumed.open();

    const links = (await answers) as Response[];
    expect(links.map(({ status }) => status)).toEqual(
      parties.map((party) => (denied.includes(party) ? 403 : 201)),
    );
    expect(await Promise.all(links.map(outcomesOf))).toEqual(
      parties.map((party) => ['attempted', denied.includes(party) ? 'refused' : 'succeeded']),
    );
  });
});
