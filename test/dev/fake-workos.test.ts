import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainDataState, WorkOS } from '@workos-inc/node';
import { operations } from '../../src/dev/fake-workos/operations.ts';
import { INTENTS } from '../../src/dev/fake-workos/state/state.ts';
import {
  startFakeWorkos,
  type FakeWorkos,
  type FakeWorkosOptions,
  type Fault,
} from '../../src/dev/fake-workos/server.ts';
import { cases } from '../support/fake-workos-cases.ts';
import { neverGiven, outsideTheSpec, unspecified } from '../support/fake-workos-differences.ts';
import { AUDIT_LOG_SCHEMA, thingsOf } from '../support/fake-workos-things.ts';
import { createSpecValidator } from '../support/spec-validator.ts';
import { onWire, type WireAnswer } from '../support/wire.ts';

const MINUTE = 60_000;
let fake: FakeWorkos;
let workos: WorkOS;
let clock: Date;

async function start(options: FakeWorkosOptions = {}): Promise<void> {
  fake = await startFakeWorkos({ now: () => clock, ...options });
  workos = sdk(fake.apiKey);
}

function sdk(key: string): WorkOS {
  return new WorkOS(key, {
    apiHostname: '127.0.0.1',
    port: fake.port,
    https: false,
    maxRetries: 0,
  });
}

function pass(milliseconds: number): void {
  clock = new Date(clock.getTime() + milliseconds);
}

beforeEach(async () => {
  clock = new Date('2026-11-22T12:00:00.000Z');
  await start();
});
afterEach(() => fake.stop());

describe('the key', () => {
  it('refuses another key with 401', async () => {
    await expect(sdk('sk_test_other').organizations.listOrganizations()).rejects.toMatchObject({
      status: 401,
      requestID: expect.stringMatching(/^req_/),
    });
  });
});

describe('organizations', () => {
  it('are found by id and by external id, whatever characters it has', async () => {
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

  it('are created once more for a repeated Idempotency-Key', async () => {
    const options = { idempotencyKey: 'once' };
    const first = await workos.organizations.createOrganization({ name: 'Acme' }, options);
    const second = await workos.organizations.createOrganization({ name: 'Acme' }, options);

    expect(second.id).not.toBe(first.id);
  });

  it('give up an external id when it is cleared', async () => {
    const { id } = await workos.organizations.createOrganization({ name: 'A', externalId: 'x' });
    await workos.organizations.updateOrganization({ organization: id, externalId: null });

    const next = await workos.organizations.createOrganization({ name: 'B', externalId: 'x' });
    expect(next.externalId).toBe('x');
  });

  it('merge metadata on update and leave the rest as it was', async () => {
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
  it('stay pending after a request to verify, since no DNS is behind the fake', async () => {
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

  it('is minted for each intent and under either name of the contacts', async () => {
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

  it('leaves one linked directory however often dsync is finished', async () => {
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

  it('changes nothing when certificate_renewal is finished, and says so without an onward URL', async () => {
    const id = await organization();
    const answer = await press(await linkFor({ organization: id, intent: 'certificate_renewal' }));

    expect(await answer.text()).toContain('Setup is finished');
    expect(fake.state.connections.size).toBe(0);
  });
});

describe('the log of requests', () => {
  it('keeps what was asked, by operation, without the portal pages', async () => {
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
  it('brings organizations and live links over a restart', async () => {
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

describe('a fault', () => {
  let organizationId: string;
  const generateLink = 'POST /portal/generate_link';

  beforeEach(async () => {
    organizationId = (await workos.organizations.createOrganization({ name: 'Acme' })).id;
  });

  function post(path: string, body: object, signal?: AbortSignal): Promise<WireAnswer> {
    const headers = { authorization: 'Bearer sk_test_fake', 'content-type': 'application/json' };
    const options = { method: 'POST', headers, ...(signal && { signal }) };
    return onWire(`${fake.url}${path}`, JSON.stringify(body), options);
  }
  const askLink = (signal?: AbortSignal): Promise<WireAnswer> =>
    post('/portal/generate_link', { organization: organizationId, intent: 'sso' }, signal);
  const theLink = (): string =>
    `${fake.url}/portal/setup?token=${[...fake.state.portalSessions.keys()].at(-1) ?? ''}`;

  it('of status answers it with its body and headers, and has no effect', async () => {
    fake.fault('*', { kind: 'status', status: 429, retryAfter: 7, headers: { 'X-More': 'yes' } });
    const answer = await askLink();

    expect(answer).toMatchObject({ status: 429, text: '{"message":"Too Many Requests"}' });
    expect(answer.headers).toMatchObject({ 'retry-after': '7', 'x-more': 'yes' });
    expect(answer.headers['x-request-id']).toMatch(/^req_/);
    expect(fake.state.portalSessions.size).toBe(0);
  });

  it('of status may answer a body that is not an object', async () => {
    fake.fault(generateLink, { kind: 'status', status: 429, body: 'Ratelimited' });

    expect((await askLink()).text).toBe('"Ratelimited"');
  });

  it('of delay answers normally, later', async () => {
    fake.fault(generateLink, { kind: 'delay', ms: 40 });
    const started = performance.now();
    const answer = await askLink();

    expect(performance.now() - started).toBeGreaterThanOrEqual(38);
    expect(answer.status).toBe(201);
  });

  it('of silence takes the request and never answers', async () => {
    fake.fault(generateLink, { kind: 'silence' });
    const answer = await askLink(AbortSignal.timeout(60));

    expect(answer).toMatchObject({ error: 'ABORT_ERR', text: '' });
    expect(answer.status).toBeUndefined();
    expect(fake.requestsTo(generateLink)).toHaveLength(1);
    expect(fake.state.portalSessions.size).toBe(0);
  });

  it('of silence ends with the fake', async () => {
    fake.fault(generateLink, { kind: 'silence' });
    fake.fault('POST /organizations', { kind: 'delay', ms: 60 * MINUTE });
    const answers = [askLink(), post('/organizations', { name: 'Late' })];
    while (fake.requests.length < 3) await new Promise(setImmediate);
    await fake.stop();

    expect(await Promise.all(answers)).toMatchObject([
      { error: 'ECONNRESET' },
      { error: 'ECONNRESET' },
    ]);
  });

  it('of reset before the headers ends without a status and without an effect', async () => {
    fake.fault(generateLink, { kind: 'reset', when: 'before-headers' });
    const answer = await askLink();

    expect([answer.status, answer.error]).toEqual([undefined, 'ECONNRESET']);
    expect(fake.state.portalSessions.size).toBe(0);
  });

  it('of reset after the headers ends with a status and half an answer', async () => {
    fake.fault(generateLink, { kind: 'reset', when: 'after-headers' });

    expect(await askLink()).toMatchObject({ status: 201, text: '{', error: 'ECONNRESET' });
  });

  it('of truncation is complete for HTTP, is no JSON, and holds the whole link', async () => {
    fake.fault(generateLink, { kind: 'truncated' });
    const answer = await askLink();

    expect(answer).toMatchObject({ status: 201, text: `{"link":"${theLink()}` });
    expect(answer.error).toBeUndefined();
    expect(answer.headers['content-type']).toContain('application/json');
  });

  it('of content type changes the type and, if asked, the body', async () => {
    fake.fault(generateLink, { kind: 'content-type', type: 'text/plain' }, { times: 1 });
    fake.fault(generateLink, { kind: 'content-type', type: 'text/html', body: '<p>Hello' });
    const [plain, html] = [await askLink(), await askLink()];

    expect(plain.headers['content-type']).toBe('text/plain');
    expect(plain.text).toContain('{"link":');
    expect(html).toMatchObject({ status: 201, text: '<p>Hello' });
    expect(html.headers['content-type']).toBe('text/html');
  });

  it.each([301, 302, 307, 308])('of redirect %s points elsewhere', async (status) => {
    fake.fault(generateLink, { kind: 'redirect', status, location: 'http://127.0.0.1:1/away' });
    const answer = await askLink();

    expect([answer.status, answer.headers.location]).toEqual([status, 'http://127.0.0.1:1/away']);
    expect(fake.state.portalSessions.size).toBe(0);
  });

  it('of a huge body sends valid JSON of just that size, unannounced', async () => {
    fake.fault(generateLink, { kind: 'huge', bytes: 3_000_000 });
    const answer = await askLink();

    expect(answer.text).toHaveLength(3_000_000);
    expect(JSON.parse(answer.text)).toHaveProperty('link');
    expect(answer.headers['content-length']).toBeUndefined();
  });

  it('of a slow body sends all of it, at that rate', async () => {
    fake.fault(generateLink, { kind: 'slow-body', bytesPerSecond: 1000 });
    const started = performance.now();
    const answer = await askLink();

    expect(answer.text).toBe(JSON.stringify({ link: theLink() }));
    expect(performance.now() - started).toBeGreaterThanOrEqual(answer.text.length - 2);
  });

  it.each(['javascript:alert(1)', null, 7, ['https://a.test'], ''])('of link %j', async (link) => {
    fake.fault(generateLink, { kind: 'link', link });

    expect(await askLink()).toMatchObject({ status: 201, text: JSON.stringify({ link }) });
  });

  it('of link may leave the link out', async () => {
    fake.fault(generateLink, { kind: 'link', link: undefined });

    expect((await askLink()).text).toBe('{}');
  });

  it('of reset after the effect leaves the organization behind', async () => {
    fake.fault('POST /organizations', { kind: 'after-effect-reset' });
    const answer = await post('/organizations', { name: 'Lost', external_id: 'lost' });
    fake.clearFaults();

    expect([answer.status, answer.error]).toEqual([undefined, 'ECONNRESET']);
    const found = await workos.organizations.getOrganizationByExternalId('lost');
    expect(found.name).toBe('Lost');
  });

  it.each([
    ['after', 2],
    ['before', 1],
  ])('of hold waits %s the effect', async (moment, organizations) => {
    const gate = Promise.withResolvers<undefined>();
    const until = gate.promise.then(() => undefined);
    fake.fault('POST /organizations', { kind: 'hold', until, before: moment === 'before' });
    const answer = post('/organizations', { name: 'Held' });
    while (fake.requests.length < 2) await new Promise(setImmediate);

    expect(fake.organizations.size).toBe(organizations);
    gate.resolve(undefined);
    expect((await answer).status).toBe(201);
    expect(fake.organizations.size).toBe(2);
  });

  it('of hold that fails is a 500, so that a broken test does not hang', async () => {
    const until = Promise.reject(new Error('broken'));
    fake.fault(generateLink, { kind: 'hold', until });

    expect((await askLink()).status).toBe(500);
  });

  it('with a count is used up in the order given, before a standing one', async () => {
    const status = (code: number): Fault => ({ kind: 'status', status: code });
    fake.fault('*', status(500));
    fake.fault(generateLink, status(503), { times: 2 });
    fake.fault(generateLink, status(429), { times: 1 });
    fake.fault('GET /connections', status(403), { times: 1 });
    const seen: unknown[] = [];
    for (let call = 0; call < 4; call++) seen.push((await askLink()).status);
    fake.clearFaults();

    expect(seen).toEqual([503, 503, 429, 500]);
    expect((await askLink()).status).toBe(201);
  });
});

describe('every answer is one of the official specification', () => {
  const spec = createSpecValidator();
  const named = operations.map(({ method, path, open }) => ({ name: `${method} ${path}`, open }));
  const names = named.map(({ name }) => name).filter((name) => !(name in unspecified));
  const closed = named.filter(({ open }) => !open).map(({ name }) => name);

  async function idsByName(): Promise<Record<string, string>> {
    const { Pending, Verified } = DomainDataState;
    const acme = await workos.organizations.createOrganization({
      name: 'Acme',
      externalId: 'acme',
      metadata: { tier: 'gold' },
      domainData: [
        { domain: 'acme.test', state: Pending },
        { domain: 'verified.test', state: Verified },
      ],
    });
    const { id: organization } = await workos.organizations.createOrganization({
      name: 'Other',
      externalId: 'other',
      domainData: [{ domain: 'other.test', state: Verified }],
    });
    const stripeCustomerId = 'cus_other';
    await workos.organizations.updateOrganization({ organization, stripeCustomerId });
    const [DOMAIN = '', VERIFIED = ''] = acme.domains.map(({ id }) => id);
    const [connection, directory] = [fake.addConnection(acme.id), fake.addDirectory(acme.id)];
    await workos.auditLogs.createSchema(AUDIT_LOG_SCHEMA);
    return {
      ORG: acme.id,
      DOMAIN,
      VERIFIED,
      CONNECTION: connection.id,
      DIRECTORY: directory.id,
      ACTION: AUDIT_LOG_SCHEMA.action,
    };
  }

  /** What a sign-in leaves behind, made where a case names it. */
  const signedIn: Record<string, (connection: string) => string | Promise<string>> = {
    CODE: (connection) => fake.issueCode(connection),
    CODEOFNULLS: (connection) =>
      fake.issueCode(connection, {
        user: {
          role: undefined,
          roles: undefined,
          groups: undefined,
          custom_attributes: undefined,
        },
      }),
    CODEOFPROVIDER: () => fake.issueCode(connectionOf('GoogleOAuth')),
    CODEOFNOBODY: () => withdrawn(fake.issueCode(connectionOf('OktaSAML'))),
    TOKEN: async (connection) => (await exchange(fake.issueCode(connection))).accessToken,
    TOKENOFNOBODY: async () => {
      const { accessToken } = await exchange(fake.issueCode(connectionOf('OktaSAML')));
      return withdrawn(accessToken);
    },
    PROFILE: (connection) => fake.addUser(connection, {}).id,
    PROFILEOFOIDC: () => fake.addUser(connectionOf('GenericOIDC'), {}).id,
    LOGOUT: () => logoutToken(connectionOf('GenericOIDC')),
    LOGOUTAWAY: () => {
      const connection = connectionOf('GenericOIDC');
      fake.setPostLogoutUri(connection, 'https://app.test/bye');
      return logoutToken(connection);
    },
  };
  const otherId = () => [...fake.organizations.values()].find((o) => o.name === 'Other')?.id ?? '';
  const connectionOf = (connection_type: string) =>
    fake.addConnection(otherId(), { connection_type }).id;
  const exchange = (code: string) =>
    workos.sso.getProfileAndToken({ clientId: fake.clientId, code });
  function withdrawn(credential: string): string {
    fake.deleteOrganization(otherId());
    return credential;
  }
  async function logoutToken(connection: string): Promise<string> {
    const { data } = await workos.post<{ logout_token: string }>('/sso/logout/authorize', {
      profile_id: fake.addUser(connection, {}).id,
    });
    return data.logout_token;
  }

  async function fillIn(text: string, ids: Record<string, string>): Promise<string> {
    let filled = text;
    const things = thingsOf({ fake, workos }, ids.ORG ?? '');
    for (const [name] of text.matchAll(/\b[A-Z]{3,}\b/g)) {
      const value =
        ids[name] ?? (await signedIn[name]?.(ids.CONNECTION ?? '')) ?? (await things[name]?.());
      if (value !== undefined) filled = filled.replace(new RegExp(`\\b${name}\\b`), value);
    }
    return filled;
  }

  async function ask(operation: string, target = '', body?: string, key = fake.apiKey) {
    const [method = '', path = ''] = operation.split(' ');
    const [id = '', query] = path.includes('{') ? target.split('?') : [];
    const place =
      id === ''
        ? path + target
        : path.replace(/\{.*?\}/, id) + (query === undefined ? '' : `?${query}`);
    const response = await fetch(fake.url + place, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const json = isJson ? (JSON.parse(text) as unknown) : undefined;
    return { operation, status: response.status, body: json };
  }

  it.each(cases)('%s %i', async (...[operation, status, target, body, bearer]) => {
    const ids = await idsByName();
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await ask(
      operation,
      await fillIn(target, ids),
      text && (await fillIn(text, ids)),
      bearer && (await fillIn(bearer, ids)),
    );

    expect(answer.status).toBe(status);
    // An empty list would be valid whatever its members look like.
    expect(answer).not.toHaveProperty('body.data', []);
    if (operation in unspecified && status < 300) expect(answer.body).toEqual(expect.any(Object));
    else if (operation in unspecified || `${operation} ${status}` in outsideTheSpec)
      expect(answer.body).toMatchObject({ message: expect.any(String) });
    else expect(spec.faultsOf(answer)).toEqual([]);
  });

  it.each(names)('%s is tried for every status but that of a key without permission', (name) => {
    const tried = cases.filter(([operation]) => operation === name).map(([, status]) => status);
    const wanted = spec
      .documentedStatuses(name)
      .filter((status) => status !== 403 && !(`${name} ${status}` in neverGiven));

    expect(wanted).not.toEqual([]);
    expect(tried).toEqual(expect.arrayContaining(wanted));
  });

  it.each(closed)('%s answers 401 to another key', async (name) => {
    expect(await ask(name, 'x', undefined, 'sk_test_other')).toMatchObject({
      status: 401,
      body: { message: 'Unauthorized' },
    });
  });

  it('an unknown path is a 404 with a message', async () => {
    expect(await ask('GET /portal_links')).toMatchObject({
      status: 404,
      body: { message: expect.any(String) },
    });
  });
});
