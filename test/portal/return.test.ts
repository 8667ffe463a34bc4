import { describe, expect, it } from '@jest/globals';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import { openLaunchPage } from '../support/portal-calls.ts';
import { RETURN_ORIGIN } from '../support/test-app.ts';
import { workosEvent, applyEvents } from '../support/workos-events.ts';
import {
  gatehouse,
  client,
  tenants,
  visit,
  comeBack,
  present,
  heading,
  useReturns,
} from './return-setup.ts';
import { within } from '../support/within.ts';

useReturns();

describe('returnFromPortal', () => {
  it('distinguishes set-up begun on this visit from set-up begun before', async () => {
    const [before, now] = [await visit('sso'), await visit('sso')];
    gatehouse.workos.addConnection(before.organizationId, {
      state: 'draft',
      updated_at: new Date(Date.now() - 60_000).toISOString(),
    });
    gatehouse.workos.addConnection(now.organizationId, { state: 'draft' });

    const [unchanged, begun] = await Promise.all([
      comeBack(before.returnUrl),
      comeBack(now.returnUrl),
    ]);

    expect([heading(unchanged), heading(begun)]).toEqual([
      'Single sign-on is not finished yet',
      'Single sign-on is not finished yet',
    ]);
    expect(unchanged.text).toContain('We see no change from this visit yet.');
    expect(begun.text).toContain('What you have entered is saved.');
  });

  it('asks for a first sign-in until a sign-in has been seen', async () => {
    const { organizationId, returnUrl } = await visit('sso');
    const { id } = gatehouse.workos.addConnection(organizationId);

    const unused = await comeBack(returnUrl);
    await applyEvents(
      gatehouse,
      workosEvent('authentication.sso_succeeded', {
        sso: { organization_id: organizationId, connection_id: id, session_id: null },
      }),
    );
    const used = await comeBack(returnUrl);

    expect(unused.text).toContain('sign in once yourself');
    expect(used.text).toContain('Your settings are saved and in use.');
  });

  it('shows a renewed certificate and a verified key as events reported them', async () => {
    const [renewal, key] = [await visit('certificate_renewal'), await visit('bring_your_own_key')];
    const { id } = gatehouse.workos.addConnection(renewal.organizationId);
    const own = gatehouse.workos.state.connections.get(id);
    await applyEvents(
      gatehouse,
      workosEvent('connection.activated', { ...own }),
      workosEvent('connection.saml_certificate_renewed', {
        connection: { id, organization_id: renewal.organizationId },
        certificate: {
          certificate_type: 'ResponseSigning',
          expiry_date: new Date(Date.now() + 365 * 86_400_000).toISOString(),
        },
        renewed_at: new Date().toISOString(),
      }),
      workosEvent('vault.byok_key.verification_completed', {
        organization_id: key.organizationId,
        key_provider: 'AWS_KMS',
        verified: true,
      }),
    );

    const pages = await Promise.all([comeBack(renewal.returnUrl), comeBack(key.returnUrl)]);

    expect(pages.map(heading)).toEqual([
      'The certificate is up to date',
      'Your encryption key is in use',
    ]);
    expect(pages[0].text).toContain('Up to date');
  });

  it('shows a change that an event reported while WorkOS is down', async () => {
    const { organizationId, returnUrl } = await visit('sso');
    const { id } = gatehouse.workos.addConnection(organizationId);
    await applyEvents(
      gatehouse,
      workosEvent('connection.activated', { ...gatehouse.workos.state.connections.get(id) }),
    );
    gatehouse.workos.fault('*', { kind: 'status', status: 500 });

    expect(heading(await comeBack(returnUrl))).toBe('Single sign-on is set up');
  });

  it('records the return once, without the token', async () => {
    const { id, token, returnUrl } = await visit('audit_logs');

    await Promise.all([comeBack(returnUrl), comeBack(returnUrl)]);
    await comeBack(returnUrl);

    const told = await gatehouse.database.superuser<{ tenant_id: string; data: object }>(
      `select tenant_id, data from events where event = 'gatehouse.portal_launch.returned'
       and data->>'launch_id' = $1`,
      [id],
    );
    expect(told).toEqual([
      {
        tenant_id: `tenant-${tenants}`,
        data: { launch_id: id, intent: 'audit_logs', client_id: client.id, user_id: 'ada' },
      },
    ]);
    expect(JSON.stringify(told)).not.toContain(token);
  });

  it('reads from WorkOS each time, and only the tenant’s own objects', async () => {
    const stranger = await visit('sso');
    const { organizationId, returnUrl } = await visit('sso');
    gatehouse.workos.addConnection(stranger.organizationId, { name: 'Strange' });

    const before = await comeBack(returnUrl);
    gatehouse.workos.addConnection(organizationId, { name: '<b>Okta</b>' });
    const after = await comeBack(returnUrl);

    expect([heading(before), heading(after)]).toEqual([
      'Single sign-on is not set up yet',
      'Single sign-on is set up',
    ]);
    expect(before.text).toContain('Check again');
    expect(after.text).toContain('&lt;b&gt;Okta&lt;/b&gt;');
    expect(after.text).not.toMatch(/Strange|Check again/);
  });

  it.each(['sso', 'dsync', 'domain_verification'] as const)(
    'says that it does not know while WorkOS is down: %s',
    async (intent) => {
      const { returnUrl } = await visit(intent);
      gatehouse.workos.fault('*', { kind: 'status', status: 500 });

      const res = await comeBack(returnUrl);

      expect([res.status, heading(res)]).toEqual([200, 'We do not know the result yet']);
      expect(res.text).toContain('Check again');
    },
  );

  it('says that it does not know when WorkOS takes too long', async () => {
    const { returnUrl } = await visit('sso');
    gatehouse.workos.fault('GET /connections', { kind: 'silence' });

    const started = performance.now();
    const res = await comeBack(returnUrl);
    const took = performance.now() - started;

    expect([res.status, heading(res)]).toEqual([200, 'We do not know the result yet']);
    const { returnWaitMs } = gatehouse.config;
    expect(took).toBeGreaterThan(returnWaitMs - 100);
    expect(took).toBeLessThan(within(returnWaitMs + 900));
  });

  it('leads on to return_url, or to success_url once set-up is finished', async () => {
    const { returnUrl, successUrl } = await visit('sso', {
      return_url: `${RETURN_ORIGIN}/back?a=1&b=2`,
      success_url: `${RETURN_ORIGIN}/done`,
    });

    const [left, finished] = await Promise.all([comeBack(returnUrl), comeBack(successUrl)]);

    expect(left.text).toContain(`href="${RETURN_ORIGIN}/back?a=1&amp;b=2"`);
    expect(finished.text).toContain(`href="${RETURN_ORIGIN}/done"`);
  });

  it('says that the page can be closed when the caller gave no URL', async () => {
    const { successUrl } = await visit('audit_logs');

    const res = await comeBack(successUrl);

    expect(res.text).toContain('You can close this page.');
  });

  it('works for a day after the redirect, and then no longer', async () => {
    const { id, returnUrl } = await visit('audit_logs');
    const redirectedAgo = (interval: string) =>
      gatehouse.database.superuser(
        'update portal_launches set redirected_at = now() - $2::interval where id = $1',
        [id, interval],
      );

    await redirectedAgo('23 h 59 min');
    const early = await comeBack(returnUrl);
    await redirectedAgo('24 h 1 s');
    const late = await comeBack(returnUrl);

    expect([early.status, late.status]).toEqual([200, 410]);
  });

  it('marks the launch as returned, and reloading does not change that', async () => {
    const { id, returnUrl } = await visit('audit_logs');

    await comeBack(returnUrl);
    await comeBack(returnUrl);

    const res = await gatehouse.as(client).get(`/v1/portal-launches/${id}`);
    expect(res.body).toMatchObject({ status: 'returned', returned_at: expect.any(String) });
  });

  it('has a token that is accepted nowhere else', async () => {
    const { token } = await visit('sso');
    const before = gatehouse.workos.requestsTo('POST /portal/generate_link').length;

    const asTicket = await openLaunchPage(gatehouse.url, { ticket: token });
    const asForm = await gatehouse.anonymous
      .post('/launch-portal')
      .type('form')
      .send({ ticket: token });
    const asKey = await gatehouse.anonymous
      .get('/v1/portal-launches')
      .set('authorization', `Bearer ${token}`);

    expect([asTicket.status, asForm.status, asKey.status]).toEqual([410, 410, 401]);
    expect(gatehouse.workos.requestsTo('POST /portal/generate_link')).toHaveLength(before);
  });

  it('shows the same page for every invalid token', async () => {
    const { ticket, id } = await visit('sso');
    const before = gatehouse.workos.requests.length;

    const pages = await Promise.all(
      [ticket, id, 'A'.repeat(22), '', "'; drop table clients"].map(async (token) =>
        present(token),
      ),
    );
    const nothing = await gatehouse.anonymous.get('/portal/return');

    for (const page of [...pages, nothing])
      expect([page.status, heading(page)]).toEqual([410, 'This link no longer works']);
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it.each(['head', 'post', 'put', 'delete'] as const)('refuses %s', async (method) => {
    const res = await gatehouse.anonymous[method]('/portal/return');

    expect([res.status, res.headers.allow]).toEqual([405, 'GET']);
  });
});

describe('after all requests', () => {
  it('no return token is in a log line or in the database', async () => {
    const { organizationId, token, ticket, returnUrl } = await visit('sso');
    gatehouse.workos.addConnection(organizationId);
    await comeBack(returnUrl);

    expect(leaksInLogs(gatehouse, [token, ticket])).toEqual([]);
    expect(await leaksInDatabase(gatehouse, [token, ticket])).toEqual([]);
  });
});
