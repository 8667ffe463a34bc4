import { describe, expect, it } from '@jest/globals';
import {
  createLaunch,
  lastLinkRequest,
  linkRequests,
  openLaunchPage,
  pressButton,
} from '../support/portal-calls.ts';
import { gatehouse, client, admin, useLaunches, itLeavesNoTicket } from './launches-setup.ts';

useLaunches();

const get = (id: string) => gatehouse.as(client).get(`/v1/portal-launches/${id}`);

const revoke = (id: string) => gatehouse.as(client).post(`/v1/portal-launches/${id}/revoke`);

const statusOf = async (id: string) => ((await get(id)).body as { status: string }).status;

describe('getPortalLaunch', () => {
  it('returns the status of a launch, and never its ticket or link', async () => {
    const { id, ticket } = await createLaunch(gatehouse, client, { intent: 'audit_logs' });
    const seen = [await get(id)];

    const redirect = await openLaunchPage(gatehouse.url, { ticket });
    seen.push(await get(id));
    const { return_url: page } = lastLinkRequest(gatehouse);
    await gatehouse.anonymous.get(page.replace('https://gatehouse.example.com', ''));
    seen.push(await get(id));

    expect(seen.map(({ body }) => (body as { status: string }).status)).toEqual([
      'created',
      'redirected',
      'returned',
    ]);
    for (const { text } of seen) {
      expect(text).not.toContain(ticket);
      expect(text).not.toContain('url');
      expect(text).not.toContain(redirect.headers.location);
    }
  });

  it('is opened once the page of a confirm ticket was shown', async () => {
    const { id, ticket } = await createLaunch(gatehouse, client, { mode: 'confirm' });

    await openLaunchPage(gatehouse.url, { ticket });

    expect(await statusOf(id)).toBe('opened');
  });

  it('is failed once WorkOS failed, and redirected after a successful retry', async () => {
    const { id, ticket } = await createLaunch(gatehouse, client);
    gatehouse.workos.fault(
      'POST /portal/generate_link',
      { kind: 'status', status: 422 },
      { times: 1 },
    );

    await openLaunchPage(gatehouse.url, { ticket });
    const failed = await statusOf(id);
    await openLaunchPage(gatehouse.url, { ticket });

    expect([failed, await statusOf(id)]).toEqual(['failed', 'redirected']);
  });

  it('is expired once the ticket has expired', async () => {
    const { id } = await createLaunch(gatehouse, client);

    await gatehouse.database.superuser(
      `update portal_launches set expires_at = now() - interval '1 ms' where id = $1`,
      [id],
    );

    expect(await statusOf(id)).toBe('expired');
  });

  it.each([
    ['an unknown one', `launch_${'0'.repeat(32)}`, 404],
    ['an id that cannot be one', 'launch_1', 422],
  ])('refuses %s', async (_case, id, status) => {
    expect((await get(id)).status).toBe(status);
  });

  it('answers 404 for launches of other clients', async () => {
    const other = await gatehouse.createClient();
    const { id } = await createLaunch(gatehouse, other);

    const answers = await Promise.all([get(id), revoke(id), get(`launch_${'0'.repeat(32)}`)]);

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect({ ...(answers[0].body as object), instance: '' }).toEqual({
      ...(answers[2].body as object),
      instance: '',
    });
  });
});

describe('listPortalLaunches', () => {
  it('pages through the client’s own launches, newest first', async () => {
    const lister = await gatehouse.createClient();
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1)
      made.unshift((await createLaunch(gatehouse, lister, { userToken: admin })).id);
    const page = async (query: object) =>
      (await gatehouse.as(lister).get('/v1/portal-launches').query(query)).body as {
        data: { id: string }[];
        list_metadata: { before: string | null; after: string | null };
      };

    const first = await page({ limit: 3 });
    const second = await page({ limit: 3, after: first.list_metadata.after ?? '' });
    const back = await page({ limit: 3, before: second.list_metadata.before ?? '' });

    expect(first.data.map(({ id }) => id)).toEqual(made.slice(0, 3));
    expect(second.data.map(({ id }) => id)).toEqual(made.slice(3));
    expect(second.list_metadata.after).toBeNull();
    expect(back.data).toEqual(first.data);
  });

  it('filters by tenant, and returns neither ticket nor link', async () => {
    await gatehouse.provision('globex');
    const userToken = await gatehouse.userToken({ tenant_id: 'globex' });
    const { id, ticket } = await createLaunch(gatehouse, client, {
      tenant_id: 'globex',
      userToken,
    });

    const res = await gatehouse.as(client).get('/v1/portal-launches?tenant_id=globex');

    expect(res.body).toMatchObject({ object: 'list', data: [{ id, tenant_id: 'globex' }] });
    expect(res.text).not.toContain(ticket);
    expect(res.text).not.toContain('url');
  });
});

describe('revokePortalLaunch', () => {
  it.each(['redirect', 'confirm'])(
    'ends a %s ticket at once, and is safe to repeat',
    async (mode) => {
      const { id, ticket } = await createLaunch(gatehouse, client, { mode });
      const before = linkRequests(gatehouse);

      const answers = [await revoke(id), await revoke(id)];

      const opened = [
        await openLaunchPage(gatehouse.url, { ticket }),
        await pressButton(gatehouse.url, { ticket }),
      ];
      expect(answers).toMatchObject([
        { status: 200, body: { status: 'revoked' } },
        { status: 200, body: { status: 'revoked' } },
      ]);
      expect(opened.map(({ status }) => status)).toEqual([410, 410]);
      expect(linkRequests(gatehouse)).toBe(before);
    },
  );

  it('keeps the status redirected of a launch that was used before', async () => {
    const { id, ticket } = await createLaunch(gatehouse, client);
    await openLaunchPage(gatehouse.url, { ticket });

    const res = await revoke(id);

    expect((res.body as { status: string }).status).toBe('redirected');
  });

  it('writes an audit row for the tenant', async () => {
    const { id } = await createLaunch(gatehouse, client);

    const res = await revoke(id);

    const rows = await gatehouse.database.superuser(
      'select operation, outcome, tenant_id, details from audit_trail where request_id = $1',
      [res.headers['x-request-id']],
    );
    expect(rows).toEqual([
      {
        operation: 'revokePortalLaunch',
        outcome: 'succeeded',
        tenant_id: 'acme',
        details: { launch: id },
      },
    ]);
  });
});

itLeavesNoTicket();
