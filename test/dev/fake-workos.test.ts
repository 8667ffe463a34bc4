import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DomainDataState } from '@workos-inc/node';
import { INTENTS } from '../../src/dev/fake-workos/state/portal.ts';
import {
  MINUTE,
  fake,
  workos,
  clock,
  pass,
  start,
  sdk,
  useFakeAndClock,
} from './fake-workos-setup.ts';

useFakeAndClock();

describe('the key', () => {
  it('refuses another key with 401', async () => {
    await expect(sdk('sk_test_other').organizations.listOrganizations()).rejects.toMatchObject({
      status: 401,
      requestID: expect.stringMatching(/^req_/),
    });
  });
});

describe('organizations', () => {
  it('are found by id and by external id with any characters', async () => {
    const created = await workos.organizations.createOrganization({
      name: 'Acme',
      externalId: 'gh:dev:a/b?c',
      metadata: { managed_by: 'gatehouse' },
    });

    expect(created.id).toMatch(/^org_01[0-9A-Z]{24}$/);
    expect(await workos.organizations.getOrganization(created.id)).toEqual(created);
    expect(await workos.organizations.getOrganizationByExternalId('gh:dev:a/b?c')).toEqual(created);
  });

  it('refuse an external id that is taken', async () => {
    await workos.organizations.createOrganization({ name: 'Acme', externalId: 'acme' });

    await expect(
      workos.organizations.createOrganization({ name: 'Other', externalId: 'acme' }),
    ).rejects.toMatchObject({ status: 400, code: 'external_id_already_used' });
    expect(fake.organizations.size).toBe(1);
  });

  it('are created again for a repeated Idempotency-Key', async () => {
    const options = { idempotencyKey: 'once' };
    const first = await workos.organizations.createOrganization({ name: 'Acme' }, options);
    const second = await workos.organizations.createOrganization({ name: 'Acme' }, options);

    expect(second.id).not.toBe(first.id);
  });

  it('release an external id when it is cleared', async () => {
    const { id } = await workos.organizations.createOrganization({ name: 'A', externalId: 'x' });
    await workos.organizations.updateOrganization({ organization: id, externalId: null });

    const next = await workos.organizations.createOrganization({ name: 'B', externalId: 'x' });
    expect(next.externalId).toBe('x');
  });

  it('merge metadata on update and leave other fields unchanged', async () => {
    const { id } = await workos.organizations.createOrganization({
      name: 'Acme',
      externalId: 'acme',
      metadata: { kept: '1', changed: '1' },
    });
    pass(MINUTE);
    await workos.organizations.updateOrganization({ organization: id, metadata: { changed: '2' } });

    expect(fake.organizations.get(id)).toMatchObject({
      name: 'Acme',
      external_id: 'acme',
      metadata: { kept: '1', changed: '2' },
      created_at: '2026-11-22T12:00:00.000Z',
      updated_at: '2026-11-22T12:01:00.000Z',
    });
  });

  it.each([
    ['a value of 601 characters', { key: 'x'.repeat(601) }],
    ['a key of 41 characters', { ['k'.repeat(41)]: 'x' }],
    ['51 keys', Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 'x']))],
  ])('refuse metadata with %s', async (_what, metadata) => {
    await expect(
      workos.organizations.createOrganization({ name: 'Acme', metadata }),
    ).rejects.toMatchObject({ status: 400, code: 'invalid_metadata' });
    expect(fake.organizations.size).toBe(0);
  });

  it('refuse a body without a name', async () => {
    await expect(workos.post('/organizations', {})).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('name_required'),
    });
  });

  it('are listed newest first, page by page in both directions', async () => {
    const ids: string[] = [];
    for (const name of ['A', 'B', 'C', 'D', 'E'])
      ids.unshift((await workos.organizations.createOrganization({ name })).id);
    const list = async (page: { after?: string; before?: string }) => {
      const { data, listMetadata } = await workos.organizations.listOrganizations({
        limit: 2,
        ...page,
      });
      return [data.map(({ id }) => id), listMetadata.before, listMetadata.after];
    };

    expect(await list({})).toEqual([[ids[0], ids[1]], null, ids[1]]);
    expect(await list({ after: ids[1] })).toEqual([[ids[2], ids[3]], ids[2], ids[3]]);
    expect(await list({ after: ids[3] })).toEqual([[ids[4]], ids[4], null]);
    expect(await list({ before: ids[4] })).toEqual([[ids[2], ids[3]], ids[2], ids[3]]);
    expect(await list({ before: ids[2] })).toEqual([[ids[0], ids[1]], null, ids[1]]);
  });

  it('are listed by any of several domains', async () => {
    for (const domain of ['a.test', 'b.test', 'c.test'])
      await workos.organizations.createOrganization({
        name: domain,
        domainData: [{ domain, state: DomainDataState.Pending }],
      });

    const { data } = await workos.organizations.listOrganizations({
      domains: ['a.test', 'c.test'],
    });
    expect(data.map(({ name }) => name)).toEqual(['c.test', 'a.test']);
  });

  it('take their connections, directories and portal links with them', async () => {
    const { id } = await workos.organizations.createOrganization({ name: 'Acme' });
    fake.addConnection(id);
    fake.addDirectory(id);
    const { link } = await workos.adminPortal.generateLink({ organization: id, intent: 'sso' });
    await workos.organizations.deleteOrganization(id);

    await expect(workos.organizations.getOrganization(id)).rejects.toMatchObject({ status: 404 });
    expect((await workos.sso.listConnections()).data).toEqual([]);
    expect((await workos.directorySync.listDirectories()).data).toEqual([]);
    expect((await fetch(link)).status).toBe(410);
  });
});

describe('domains', () => {
  it('stay pending after a request to verify, because the fake has no DNS', async () => {
    const { id } = await workos.organizations.createOrganization({ name: 'Acme' });
    const domain = await workos.organizationDomains.createOrganizationDomain({
      domain: 'Acme.test',
      organizationId: id,
    });
    const verifying = await workos.organizationDomains.verifyOrganizationDomain(domain.id);

    expect(verifying).toMatchObject({ domain: 'acme.test', state: 'pending' });
    expect((await workos.organizations.getOrganization(id)).domains).toHaveLength(1);
  });

  it('belong to one organization once verified', async () => {
    const domainData = [{ domain: 'acme.test', state: DomainDataState.Verified }];
    await workos.organizations.createOrganization({ name: 'Acme', domainData });

    await expect(
      workos.organizations.createOrganization({ name: 'Other', domainData }),
    ).rejects.toMatchObject({ status: 409 });
    expect(fake.organizations.size).toBe(1);
  });
});

describe('connections and directories', () => {
  it('are listed for their organization only, and deleted', async () => {
    const { id } = await workos.organizations.createOrganization({ name: 'Acme' });
    const other = await workos.organizations.createOrganization({ name: 'Other' });
    const connection = fake.addConnection(id, { state: 'inactive' });
    const directory = fake.addDirectory(id);
    fake.addConnection(other.id);
    fake.addDirectory(other.id);
    const connections = await workos.sso.listConnections({ organizationId: id });
    const directories = await workos.directorySync.listDirectories({ organizationId: id });

    expect(connections.data).toMatchObject([{ id: connection.id, state: 'inactive' }]);
    expect(directories.data).toMatchObject([{ id: directory.id, state: 'active' }]);
    await workos.sso.deleteConnection(connection.id);
    await workos.directorySync.deleteDirectory(directory.id);
    await expect(workos.sso.getConnection(connection.id)).rejects.toMatchObject({ status: 404 });
    await expect(workos.directorySync.getDirectory(directory.id)).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('a portal link', () => {
  const returnUrl = 'https://product.test/settings';
  const successUrl = 'https://gatehouse.test/portal/return?launch=1';

  async function organization(name = 'Acme'): Promise<string> {
    return (await workos.organizations.createOrganization({ name })).id;
  }

  async function linkFor(body: Record<string, unknown>): Promise<string> {
    const { data } = await workos.post<{ link: string }>('/portal/generate_link', body);
    return data.link;
  }

  function press(link: string, fields: Record<string, string> = {}): Promise<Response> {
    const { origin, searchParams } = new URL(link);
    const body = new URLSearchParams({ token: searchParams.get('token') ?? '', ...fields });
    return fetch(`${origin}/portal/setup`, { method: 'POST', body, redirect: 'manual' });
  }

  it('is created for each intent and with either name of the contacts', async () => {
    const id = await organization();
    for (const intent of INTENTS)
      await workos.adminPortal.generateLink({
        organization: id,
        intent,
        adminEmails: ['it@acme.test'],
      });
    await linkFor({ organization: id, it_contact_emails: ['it@acme.test'] });

    const sessions = [...fake.state.portalSessions.values()];
    expect(sessions.map(({ intent }) => intent)).toEqual([...INTENTS, null]);
    expect(sessions.map((s) => s.it_contact_emails)).toEqual(Array(8).fill(['it@acme.test']));
  });

  it('is refused for an unknown organization', async () => {
    await expect(linkFor({ organization: 'org_none', intent: 'sso' })).rejects.toMatchObject({
      status: 404,
    });
  });

  it.each([
    ['no organization', {}],
    ['an unknown intent', { intent: 'billing' }],
    ['21 contacts', { it_contact_emails: Array(21).fill('it@acme.test') }],
    ['21 contacts under the older name', { admin_emails: Array(21).fill('it@acme.test') }],
    ['a return URL that is none', { return_url: 'javascript:alert(1)' }],
  ])('is refused with %s', async (what, body) => {
    const id = await organization();
    const given = what === 'no organization' ? {} : { organization: id };

    await expect(linkFor({ ...given, ...body })).rejects.toMatchObject({ status: 422 });
    expect(fake.state.portalSessions.size).toBe(0);
  });

  it('opens a page that names the organization and the task, under a strict policy', async () => {
    const id = await organization('<b>Acme</b> & Sons');
    const page = await fetch(
      await linkFor({
        organization: id,
        intent: 'dsync',
        return_url: returnUrl,
        success_url: successUrl,
      }),
    );
    const html = await page.text();

    expect(page.status).toBe(200);
    expect(html).toContain('Fake WorkOS Admin Portal');
    expect(html).toContain('Connect your directory');
    expect(html).toContain('&lt;b&gt;Acme&lt;/b&gt; &amp; Sons');
    expect(html).toContain(`href="${returnUrl}"`);
    expect(html).not.toMatch(/<script|<style|style=/);
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self' https://product.test " +
        "https://gatehouse.test; base-uri 'none'; frame-ancestors 'none'",
    );
    const style = await fetch(`${fake.url}/portal/style.css`);
    expect(style.headers.get('content-type')).toBe('text/css');
  });

  it('works for five minutes and not longer', async () => {
    const link = await linkFor({ organization: await organization(), intent: 'sso' });

    pass(5 * MINUTE - 1);
    expect((await fetch(link)).status).toBe(200);
    pass(1);
    expect((await fetch(link)).status).toBe(410);
    expect((await press(link)).status).toBe(410);
    expect(fake.state.connections.size).toBe(0);
  });

  it('is unknown with another token', async () => {
    const page = await fetch(`${fake.url}/portal/setup?token=guessed`);

    expect(page.status).toBe(410);
    expect(await page.text()).toContain('This link has expired');
  });

  it('leaves an active connection and leads to the success URL when sso is finished', async () => {
    const id = await organization();
    const { link } = await workos.adminPortal.generateLink({
      organization: id,
      intent: 'sso',
      intentOptions: { sso: { providerType: 'GoogleSAML' } },
      returnUrl,
      successUrl,
    });
    const answer = await press(link);

    expect([answer.status, answer.headers.get('location')]).toEqual([303, successUrl]);
    const { data } = await workos.sso.listConnections({ organizationId: id });
    expect(data).toMatchObject([{ state: 'active', type: 'GoogleSAML', organizationId: id }]);
  });

  it('leaves one linked directory, no matter how often dsync is finished', async () => {
    const id = await organization();
    const link = await linkFor({ organization: id, intent: 'dsync', return_url: returnUrl });
    await press(link);
    const again = await press(link);

    expect([again.status, again.headers.get('location')]).toEqual([303, returnUrl]);
    expect([...fake.state.directories.values()]).toMatchObject([{ state: 'linked' }]);
  });

  it('verifies the domain that the form names, and shows the form again for a wrong one', async () => {
    const id = await organization();
    const link = await linkFor({ organization: id, intent: 'domain_verification' });
    const wrong = await press(link, { domain: 'not a domain' });
    const right = await press(link, { domain: 'Acme.test' });

    expect([wrong.status, right.status]).toEqual([422, 200]);
    expect(await wrong.text()).toContain('value="not a domain"');
    expect(fake.organizations.get(id)?.domains).toMatchObject([
      { domain: 'acme.test', state: 'verified' },
    ]);
  });

  it('changes nothing when certificate_renewal is finished, and shows a page without a return URL', async () => {
    const id = await organization();
    const answer = await press(await linkFor({ organization: id, intent: 'certificate_renewal' }));

    expect(await answer.text()).toContain('Setup is finished');
    expect(fake.state.connections.size).toBe(0);
  });
});

describe('the log of requests', () => {
  it('contains requests by operation, without those of portal pages', async () => {
    const { id } = await workos.organizations.createOrganization({ name: 'Acme', externalId: 'a' });
    await workos.organizations.getOrganizationByExternalId('a');
    await workos.organizations.listOrganizations({ limit: 3 });
    const { link } = await workos.adminPortal.generateLink({ organization: id, intent: 'sso' });
    await fetch(link);

    expect(fake.requests).toHaveLength(4);
    expect(fake.requestsTo('GET /organizations/external_id/*')).toHaveLength(1);
    expect(fake.requestsTo('GET /organizations/*')).toHaveLength(0);
    expect(fake.requestsTo('GET /organizations')[0]?.query).toMatchObject({ limit: '3' });
    expect(fake.requestsTo('POST /portal/generate_link')[0]).toMatchObject({
      body: { organization: id, intent: 'sso' },
      headers: { authorization: 'Bearer sk_test_fake' },
      at: clock,
    });
  });
});

describe('the state file', () => {
  it('keeps organizations and valid links over a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fake-workos-'));
    const stateFile = join(folder, 'state.json');
    await fake.stop();
    await start({ stateFile });
    const { id } = await workos.organizations.createOrganization({ name: 'Acme', externalId: 'a' });
    await workos.adminPortal.generateLink({ organization: id, intent: 'sso' });
    fake.addConnection(id);
    const before = fake.state;
    await fake.stop();
    await start({ stateFile });

    expect(fake.state).toEqual(before);
    expect((await workos.organizations.getOrganizationByExternalId('a')).id).toBe(id);
    expect(readdirSync(folder)).toEqual(['state.json']);
    rmSync(folder, { recursive: true });
  });
});
