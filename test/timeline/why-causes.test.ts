/** “Why can acme not sign in?”: each cause is planted as it happens in practice, and `gatehouse why` has to name it. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLaunch, openLaunchPage } from '../support/portal-calls.ts';
import {
  authorizePath,
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
} from './why-setup.ts';

useWhy();

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
});
