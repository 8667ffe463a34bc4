import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Fault } from '../../src/dev/fake-workos/server.ts';
import { exchangeOverHttp, type HttpExchange } from '../support/http-exchange.ts';
import { waitFor } from '../support/wait-for.ts';
import { MINUTE, fake, workos, useFakeAndClock } from './fake-workos-setup.ts';

useFakeAndClock();

describe('a fault', () => {
  let organizationId: string;
  const generateLink = 'POST /portal/generate_link';

  beforeEach(async () => {
    organizationId = (await workos.organizations.createOrganization({ name: 'Acme' })).id;
  });

  function post(path: string, body: object, signal?: AbortSignal): Promise<HttpExchange> {
    const headers = { authorization: 'Bearer sk_test_fake', 'content-type': 'application/json' };
    const options = { method: 'POST', headers, ...(signal && { signal }) };
    return exchangeOverHttp(`${fake.url}${path}`, JSON.stringify(body), options);
  }
  const askLink = (signal?: AbortSignal): Promise<HttpExchange> =>
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

  it('may be of one object, whose id has upper-case letters', async () => {
    const other = await workos.organizations.createOrganization({ name: 'Other' });
    fake.fault(`GET /organizations/${organizationId}`, { kind: 'status', status: 404 });

    await expect(workos.organizations.getOrganization(organizationId)).rejects.toMatchObject({
      status: 404,
    });
    expect(await workos.organizations.getOrganization(other.id)).toEqual(other);
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
    const patience = new AbortController();
    const asked = askLink(patience.signal);
    await waitFor(() => fake.requestsTo(generateLink).length === 1);
    setTimeout(() => {
      patience.abort();
    }, 60);
    const answer = await asked;

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

  it('of link may omit the link', async () => {
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
