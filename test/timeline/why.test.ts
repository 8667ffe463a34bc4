/** “Why can acme not sign in?”: each cause is planted as it happens in practice, and `gatehouse why` has to name it. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLaunch, openLaunchPage } from '../support/portal-calls.ts';
import {
  authorizePath,
  connect,
  createBrowser,
  exchange,
  grant,
  login,
  organizationOf,
  REDIRECT_URI,
  sealerOf,
  signIn,
  TOKEN,
} from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';
import { askWhy, type WhyAnswer } from '../support/why.ts';
import { within } from '../support/within.ts';

const gatehouse = useGatehouse();
let client: TestClient;
let made = 0;

beforeAll(async () => {
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
});

const why = (tenant: string, ...flags: string[]) => askWhy(gatehouse, tenant, ...flags);

/** Occurrences are stored once a second. */
const causeOf = (tenant: string, cause: string) =>
  waitFor(async () => (await why(tenant)).causes.find((one) => one.cause === cause), {
    ...{ everyMs: 150, withinMs: within(15_000), what: cause },
  });

async function newTenant(): Promise<string> {
  made += 1;
  await gatehouse.provision(`tenant-${made}`);
  return `tenant-${made}`;
}
async function tenantWithConnection(): Promise<{ tenant: string; connection: string }> {
  const tenant = await newTenant();
  return { tenant, connection: await connect(gatehouse, tenant) };
}
const patch = (tenant: string, body: object) =>
  gatehouse.as(client).patch(`/v1/tenants/${tenant}`).send(body).expect(200);
const readSetup = (tenant: string) =>
  gatehouse.as(client).get(`/v1/tenants/${tenant}/setup`).query({ refresh: 'true' }).expect(200);
const sql = (text: string, values: unknown[]) => gatehouse.database.superuser(text, values);

/** Plants the cause, and returns the tenant. */
const PLANTED: readonly [cause: string, plant: () => Promise<string>][] = [
  ['tenant_unknown', () => Promise.resolve('nobody')],
  [
    'tenant_suspended',
    async () => {
      const tenant = await newTenant();
      await patch(tenant, { status: 'suspended' });
      return tenant;
    },
  ],
  [
    'tenant_deleted',
    async () => {
      const tenant = await newTenant();
      await gatehouse.as(client).delete(`/v1/tenants/${tenant}`).expect(204);
      return tenant;
    },
  ],
  [
    'tenant_provisioning_stuck',
    async () => {
      gatehouse.workos.fault('POST /organizations', { kind: 'status', status: 422 });
      await gatehouse.as(client).put('/v1/tenants/stuck').send({ name: 'Stuck' });
      return 'stuck';
    },
  ],
  [
    'organization_missing',
    async () => {
      const tenant = await newTenant();
      await sql(`update tenants set status = 'orphaned', former_status = 'active' where id = $1`, [
        tenant,
      ]);
      return tenant;
    },
  ],
  [
    'no_connection',
    async () => {
      const tenant = await newTenant();
      await readSetup(tenant);
      return tenant;
    },
  ],
  ...(['inactive', 'draft', 'validating'] as const).map(
    (state): [string, () => Promise<string>] => [
      `connection_${state}`,
      async () => {
        const tenant = await newTenant();
        gatehouse.workos.addConnection(await organizationOf(gatehouse, tenant), { state });
        await readSetup(tenant);
        return tenant;
      },
    ],
  ),
  [
    'certificate_expired',
    async () => {
      const { tenant, connection } = await tenantWithConnection();
      await readSetup(tenant);
      await sql(
        `insert into mirror (kind, id, organization_id, data, updated_at) values ('certificate', $1, $2,
           jsonb_build_object('connection_id', $3::text, 'type', 'x', 'expires_at', '2020-01-01T00:00:00.000Z'), now())`,
        [`${connection}:x`, await organizationOf(gatehouse, tenant), connection],
      );
      return tenant;
    },
  ],
  ...(
    [
      'access_denied',
      'signin_consent_denied',
      'profile_not_allowed_outside_organization',
      'server_error',
    ] as const
  ).map((error): [string, () => Promise<string>] => [
    error,
    async () => {
      const { tenant } = await tenantWithConnection();
      const { browser, back } = await login(gatehouse, client, {
        query: { organization: tenant },
        error,
      });
      await browser.get(back);
      return tenant;
    },
  ]),
  [
    'connection_unlinked',
    async () => {
      const tenant = await newTenant();
      gatehouse.workos.addConnection(await organizationOf(gatehouse, tenant), {
        state: 'inactive',
      });
      const { browser, back } = await login(gatehouse, client, { query: { organization: tenant } });
      await browser.get(back);
      return tenant;
    },
  ],
  [
    'unregistered_redirect_uri',
    async () => {
      const { tenant } = await tenantWithConnection();
      const path = authorizePath(client, {
        organization: tenant,
        redirect_uri: 'https://app.example.com/other?secret=1',
      });
      await createBrowser(gatehouse).get(path);
      return tenant;
    },
  ],
  [
    'unknown_client',
    async () => {
      const { tenant } = await tenantWithConnection();
      const disabled = await gatehouse.createClient({
        redirectUris: [REDIRECT_URI],
        disabled: true,
      });
      await createBrowser(gatehouse).get(authorizePath(disabled, { organization: tenant }));
      return tenant;
    },
  ],
  [
    'unauthorized_client',
    async () => {
      const { tenant } = await tenantWithConnection();
      const other = await gatehouse.createClient({
        redirectUris: [REDIRECT_URI],
        scopes: ['tenants:read'],
      });
      await createBrowser(gatehouse).get(authorizePath(other, { organization: tenant }));
      return tenant;
    },
  ],
  [
    'client_not_allowed',
    async () => {
      const { tenant } = await tenantWithConnection();
      const other = await gatehouse.createClient({
        redirectUris: [REDIRECT_URI],
        tenants: ['other'],
      });
      await createBrowser(gatehouse).get(authorizePath(other, { organization: tenant }));
      return tenant;
    },
  ],
  [
    'login_expired',
    async () => {
      const { tenant } = await tenantWithConnection();
      const { back } = await login(gatehouse, client, { query: { organization: tenant } });
      await createBrowser(gatehouse).get(back);
      return tenant;
    },
  ],
  [
    'login_expired',
    async () => {
      const { tenant } = await tenantWithConnection();
      const late = { flow: 'f', client: client.id, selector: { organization: tenant } };
      const state = sealerOf(gatehouse, -1_200).seal('state', late, 600);
      await createBrowser(gatehouse).get(
        `/sso/callback?${new URLSearchParams({ state }).toString()}`,
      );
      return tenant;
    },
  ],
  [
    'no_sign_in_client',
    async () => {
      const { tenant, connection } = await tenantWithConnection();
      const callback = `${gatehouse.config.publicUrl}/sso/callback`;
      await createBrowser(gatehouse).get(await gatehouse.workos.idpInitiated(connection, callback));
      return tenant;
    },
  ],
  [
    'verifier_wrong',
    async () => {
      const { tenant } = await tenantWithConnection();
      const { code } = await signIn(gatehouse, client, { query: { organization: tenant } });
      await exchange(gatehouse, { ...grant(client, code), code_verifier: 'v'.repeat(43) });
      return tenant;
    },
  ],
  [
    'upstream_auth_failed',
    async () => {
      const { tenant } = await tenantWithConnection();
      const { code } = await signIn(gatehouse, client, { query: { organization: tenant } });
      gatehouse.workos.fault(TOKEN, { kind: 'status', status: 401 }, { times: 1 });
      await exchange(gatehouse, grant(client, code));
      return tenant;
    },
  ],
  [
    'upstream_rate_limited',
    async () => {
      const { tenant } = await tenantWithConnection();
      const { code } = await signIn(gatehouse, client, { query: { organization: tenant } });
      gatehouse.workos.fault(TOKEN, { kind: 'status', status: 429, retryAfter: 1 }, { times: 1 });
      await exchange(gatehouse, grant(client, code));
      return tenant;
    },
  ],
  [
    'it_admin_required',
    async () => {
      const tenant = await newTenant();
      const userToken = await gatehouse.userToken({ tenant_id: tenant, roles: ['member'] });
      await gatehouse
        .as(client, userToken)
        .post('/v1/portal-launches')
        .send({ tenant_id: tenant, intent: 'sso' })
        .expect(403);
      return tenant;
    },
  ],
  [
    'launch_gone',
    async () => {
      const tenant = await newTenant();
      const userToken = await gatehouse.userToken({ tenant_id: tenant });
      const { ticket } = await createLaunch(gatehouse, client, { tenant_id: tenant, userToken });
      await openLaunchPage(gatehouse.url, { ticket }).expect(303);
      await openLaunchPage(gatehouse.url, { ticket }).expect(410);
      return tenant;
    },
  ],
  [
    'portal_link_expired',
    async () => {
      const tenant = await newTenant();
      const userToken = await gatehouse.userToken({ tenant_id: tenant });
      const { id } = await createLaunch(gatehouse, client, { tenant_id: tenant, userToken });
      await sql('update portal_launches set expires_at = now() where id = $1', [id]);
      return tenant;
    },
  ],
  [
    'events_parked',
    async () => {
      const tenant = await newTenant();
      await sql(
        `insert into events (id, event, organization_id, data, created_at, source, parked_at, parked_reason)
         values ('event_' || $1, 'connection.activated', $2, '{}', now(), 'feed', now(), 'a planted reason')`,
        [tenant, await organizationOf(gatehouse, tenant)],
      );
      return tenant;
    },
  ],
];

describe('gatehouse why', () => {
  const tenants: string[] = [];
  // All before the first is looked for, because occurrences are stored once a second.
  beforeAll(async () => {
    for (const [, plant] of PLANTED) {
      tenants.push(await plant());
      gatehouse.workos.clearFaults();
    }
  });

  it.each(PLANTED.map(([cause], at) => [cause, at] as const))(
    'names %s, and what to do about it',
    async (cause, at) => {
      const found = await causeOf(tenants[at] ?? '', cause);

      expect(found.sentence).toMatch(/\S{3}/);
      expect(found.remedy).toMatch(/\w{4}.*\.$/);
    },
  );

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
    await causeOf(tenant, 'access_denied');

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
