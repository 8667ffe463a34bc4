/** What `gatehouse why` says besides the cause: its verdict, its timeline, and what it keeps. */
import { describe, expect, it } from '@jest/globals';
import {
  authorizePath,
  createBrowser,
  exchange,
  grant,
  login,
  organizationOf,
  signIn,
} from '../support/sign-in.ts';
import { waitFor } from '../support/wait-for.ts';
import type { WhyAnswer } from '../support/why.ts';
import {
  causeOf,
  client,
  gatehouse,
  newTenant,
  patch,
  readSetup,
  sql,
  tenantWithConnection,
  useWhy,
  why,
} from './why-setup.ts';

useWhy();

describe('gatehouse why', () => {
  it('names several causes at once, and says in its verdict the one that blocks', async () => {
    const tenant = await newTenant();
    gatehouse.workos.addConnection(await organizationOf(gatehouse, tenant), { state: 'inactive' });
    await readSetup(tenant);
    await patch(tenant, { status: 'suspended' });

    const { code, verdict, causes } = await why(tenant);

    expect(code).toBe(1);
    expect(verdict).toBe(`${tenant} cannot sign in. The tenant is suspended.`);
    expect(causes.map(({ cause }) => cause)).toEqual(
      expect.arrayContaining(['tenant_suspended', 'connection_inactive']),
    );
  });

  it('does not blame a failure after which a login succeeded, and shows the login', async () => {
    const { tenant } = await tenantWithConnection();
    const query = { organization: tenant };
    const refused = await login(gatehouse, client, { query, error: 'access_denied' });
    await refused.browser.get(refused.back);
    await causeOf(tenant, 'access_denied');
    const { code } = await signIn(gatehouse, client, { query });
    expect((await exchange(gatehouse, grant(client, code))).status).toBe(200);

    const after = await why(tenant);

    expect(after.causes.map(({ cause }) => cause)).not.toContain('access_denied');
    expect(after.verdict).toContain('its last login succeeded at');
    expect(after.timeline).toContainEqual(
      expect.objectContaining({ operation: 'exchangeSsoCode', outcome: 'succeeded' }),
    );
    expect(after.timeline).toContainEqual(
      expect.objectContaining({ operation: 'callbackSso', reason: 'access_denied' }),
    );
  });

  it('keeps no secret, query or e-mail address of what a browser or WorkOS said', async () => {
    const { tenant } = await tenantWithConnection();
    const { browser, back } = await login(gatehouse, client, {
      query: { organization: tenant },
      error: 'access_denied',
    });
    back.searchParams.set(
      'error_description',
      'bob@acme.com may not; token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9abc',
    );
    await browser.get(back);
    const elsewhere = 'https://app.example.com/other?secret=1';
    await createBrowser(gatehouse).get(
      authorizePath(client, { organization: tenant, redirect_uri: elsewhere }),
    );
    await causeOf(tenant, 'access_denied');
    await causeOf(tenant, 'unregistered_redirect_uri');

    const stored = JSON.stringify(await sql('select * from tenant_occurrences', []));

    expect(stored).toContain('[e-mail] may not; token [removed]');
    expect(stored).not.toMatch(/bob@|eyJ|secret=1/);
  });

  it('counts equal refusals in one row, and drops those of tenants that do not exist', async () => {
    const { tenant } = await tenantWithConnection();
    const path = authorizePath(client, {
      organization: tenant,
      redirect_uri: 'https://x.example/',
    });
    const ghost = authorizePath(client, {
      organization: 'ghost',
      redirect_uri: 'https://x.example/',
    });
    for (let n = 0; n < 3; n += 1) {
      await createBrowser(gatehouse).get(path);
      await createBrowser(gatehouse).get(ghost);
    }

    const rows = await waitFor(async () => {
      const all = await sql(
        'select tenant_id, sum(count)::int as times from tenant_occurrences where tenant_id = any($1) group by 1',
        [[tenant, 'ghost']],
      );
      return (all[0] as { times?: number } | undefined)?.times === 3 ? all : undefined;
    });

    expect(rows).toEqual([{ tenant_id: tenant, times: 3 }]);
  });

  it('does not understand a cursor that it did not print', async () => {
    const tenant = await newTenant();
    for (const places of [{ audit: ['x', 'y'] }, { audit: ['\0', '1'] }]) {
      const cursor = Buffer.from(JSON.stringify(places)).toString('base64url');
      expect((await why(tenant, '--cursor', cursor)).code).toBe(2);
    }
  });

  it('pages through the timeline without repeating or losing an entry', async () => {
    const tenant = await newTenant();
    for (let n = 0; n < 5; n += 1)
      await patch(tenant, { status: n % 2 === 0 ? 'suspended' : 'active' });
    const whole = await why(tenant);

    const pages: string[] = [];
    let cursor: string | null = null;
    do {
      const page: WhyAnswer = await why(
        tenant,
        '--limit',
        '2',
        ...(cursor ? ['--cursor', cursor] : []),
      );
      pages.push(...page.timeline.map((entry) => JSON.stringify(entry)));
      cursor = page.next;
    } while (cursor !== null);

    expect(pages).toEqual(whole.timeline.map((entry) => JSON.stringify(entry)));
  });
});
