import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WorkOS as WorkOS11 } from '@workos-inc/node';
import { WorkOS as WorkOS7 } from 'workos-node-7';
import { WorkOS as WorkOS8 } from 'workos-node-8';
import { INTENTS } from '../../src/core/intents.ts';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import { lastLinkRequest, linkRequests } from '../support/portal-calls.ts';
import { RETURN_ORIGIN } from '../support/test-app.ts';
import {
  gatehouse,
  client,
  admin,
  generateLink,
  organizationOf,
  usePortal,
  itLeavesNoSecrets,
} from './portal-setup.ts';

usePortal();

const auditOf = (requestId: string | undefined) =>
  gatehouse.database.superuser(
    `select operation, outcome, client_id, user_id, tenant_id, details from audit_trail
     where request_id = $1 order by id`,
    [requestId],
  );

describe('generatePortalLink in the audit trail', () => {
  const refuseRows = (outcome: string) =>
    gatehouse.database.superuser(`
      create function refuse_row() returns trigger language plpgsql as
        $$ begin raise exception 'No space left on device' using errcode = '53100'; end $$;
      create trigger refuse_row before insert on audit_trail for each row
        when (new.outcome = '${outcome}') execute function refuse_row()`);
  const acceptRows = () =>
    gatehouse.database.superuser('drop function if exists refuse_row cascade');
  afterEach(acceptRows);

  it('has no code of WorkOS that could be a secret', async () => {
    const secret = 'GCTWHF4KFZJ3WH683XRE43MVJ82EBADW';
    const body = { message: 'No.', code: secret, errors: [{ field: 'intent', code: secret }] };
    gatehouse.workos.fault(
      'POST /portal/generate_link',
      { kind: 'status', status: 422, body },
      { times: 1 },
    );

    const res = await generateLink({});

    expect(res.body).toMatchObject({ status: 502, code: 'upstream_rejected' });
    expect(res.text).not.toContain(secret);
    expect(leaksInLogs(gatehouse, [secret])).toEqual([]);
    expect(await leaksInDatabase(gatehouse, [secret])).toEqual([]);
  });

  it('is attempted, then succeeded', async () => {
    const res = await generateLink({});

    const row = {
      operation: 'generatePortalLink',
      client_id: client.id,
      user_id: 'ada',
      tenant_id: 'acme',
      details: { intent: 'sso' },
    };
    expect(await auditOf(res.headers['x-request-id'])).toEqual([
      { ...row, outcome: 'attempted' },
      { ...row, outcome: 'succeeded' },
    ]);
  });

  it('is attempted, then failed', async () => {
    gatehouse.workos.fault('POST /portal/generate_link', { kind: 'status', status: 422 });

    const res = await generateLink({});

    expect(await auditOf(res.headers['x-request-id'])).toMatchObject([
      { outcome: 'attempted' },
      { outcome: 'failed' },
    ]);
  });

  it('makes no call to WorkOS when the attempt cannot be recorded', async () => {
    await refuseRows('attempted');
    const before = linkRequests(gatehouse);

    const res = await generateLink({});

    expect(res.status).toBe(503);
    expect(res.headers['retry-after']).toMatch(/^\d+$/);
    expect(linkRequests(gatehouse)).toBe(before);
  });

  it('returns no link when its success cannot be recorded', async () => {
    await refuseRows('succeeded');

    const res = await generateLink({});

    expect(res.status).toBe(503);
    expect(res.text).not.toContain('http://127.0.0.1');
  });

  it('records that a client only asserted the user', async () => {
    const res = await gatehouse
      .as(client)
      .post('/portal/generate_link')
      .set({ 'gatehouse-user-id': 'eve', 'gatehouse-user-roles': 'it_admin' })
      .send({ organization: 'acme', intent: 'sso' });

    expect(res.status).toBe(201);
    expect(await auditOf(res.headers['x-request-id'])).toMatchObject([
      { user_id: 'eve', details: { user_asserted: true } },
      { user_id: 'eve', details: { user_asserted: true } },
    ]);
  });
});

/** The part of an SDK that every version has. */
interface Sdk {
  portal: Pick<WorkOS7['portal'], 'generateLink'>;
  post(path: string, entity: object): Promise<{ data: unknown }>;
}

interface SdkOptions {
  apiHostname: string;
  port: number;
  https: boolean;
  config?: { headers: Record<string, string> };
  fetchFn?: typeof fetch;
}

describe.each<[string, (key: string, options: SdkOptions) => Sdk]>([
  [
    '11',
    (key, options) => {
      const workos = new WorkOS11(key, options);
      return { portal: workos.adminPortal, post: workos.post.bind(workos) };
    },
  ],
  ['8', (key, options) => new WorkOS8(key, options)],
  ['7', (key, options) => new WorkOS7(key, options)],
])('the Node SDK %s', (_version, build) => {
  const sdk = (options: Partial<SdkOptions>) =>
    build(client.key, {
      apiHostname: '127.0.0.1',
      port: Number(new URL(gatehouse.url).port),
      https: false,
      ...options,
    });
  const asAdmin = () => sdk({ config: { headers: { 'Gatehouse-User-Token': admin } } });

  it.each(INTENTS)('generates a link for %s with a tenant id', async (intent) => {
    const { link } = await asAdmin().portal.generateLink({
      organization: 'acme',
      intent: intent as never, // older SDKs do not list the newest intents
      returnUrl: `${RETURN_ORIGIN}/settings`,
      successUrl: `${RETURN_ORIGIN}/done`,
    });

    expect(link).toContain('/portal/setup?token=');
    expect(lastLinkRequest(gatehouse)).toEqual({
      organization: organizationOf('acme'),
      intent,
      return_url: `${RETURN_ORIGIN}/settings`,
      success_url: `${RETURN_ORIGIN}/done`,
    });
  });

  it.each(['it_contact_emails', 'admin_emails'])('sends %s by its post method', async (name) => {
    const body = { organization: 'acme', intent: 'sso', [name]: ['it@acme.example'] };

    const { data } = await asAdmin().post('/portal/generate_link', body);

    expect(data).toEqual({ link: expect.stringContaining('/portal/setup?token=') });
    expect(lastLinkRequest(gatehouse)).toMatchObject({ [name]: ['it@acme.example'] });
  });

  it('acts for one user per request by fetchFn and AsyncLocalStorage', async () => {
    const actingUser = new AsyncLocalStorage<string>();
    const workos = sdk({
      fetchFn: (input, init) => {
        const headers = new Headers(init?.headers);
        headers.set('Gatehouse-User-Token', actingUser.getStore() ?? '');
        return fetch(input, { ...init, headers });
      },
    });
    const names = Array.from({ length: 8 }, (_, index) => `admin-${index}`);
    const [{ last } = { last: 0 }] = await gatehouse.database.superuser<{ last: string }>(
      'select max(id) as last from audit_trail',
    );

    await Promise.all(
      names.map(async (sub) => {
        const token = await gatehouse.userToken({ sub });
        return actingUser.run(token, () =>
          workos.portal.generateLink({ organization: 'acme', intent: 'sso' as never }),
        );
      }),
    );

    const rows = await gatehouse.database.superuser<{ user_id: string }>(
      `select user_id from audit_trail where id > $1 and outcome = 'succeeded' order by user_id`,
      [last],
    );
    expect(rows.map((row) => row.user_id)).toEqual(names);
  });

  it.each([
    ['a member', { roles: ['member'] }, 'acme', 403, /not an IT admin/],
    ['an unknown tenant', {}, 'nowhere', 404, /no such tenant/i],
    ['an organization id', {}, 'org_01ABC', 422, /organization_is_a_workos_id/],
  ])('understands the refusal of %s', async (_case, claims, organization, status, words) => {
    const token = await gatehouse.userToken(claims);
    const workos = sdk({ config: { headers: { 'Gatehouse-User-Token': token } } });

    const error: unknown = await workos.portal
      .generateLink({ organization, intent: 'sso' as never })
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject({ status, message: expect.stringMatching(words) });
  });
});

itLeavesNoSecrets();
