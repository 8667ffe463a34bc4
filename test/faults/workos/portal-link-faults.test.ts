import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../src/dev/fake-workos/server.ts';
import { createLaunch, linkRequests, openLaunchPage } from '../../support/portal-calls.ts';
import {
  LOOK_UP,
  CREATE,
  gatehouse,
  client,
  admin,
  elsewhere,
  putTenant,
  type Answer,
  answerOf,
  expectProblem,
  newTenant,
  organizationsOf,
  status,
  json,
  ANSWERS,
  OUTAGES,
  NONSENSE,
  redirect,
  useUpstreamFaults,
  itLeaksNothing,
} from './upstream-faults-setup.ts';
import { within } from '../../support/within.ts';

useUpstreamFaults();

const MINT = 'POST /portal/generate_link';

const generateLink = (url = gatehouse.url) =>
  fetch(`${url}/portal/generate_link`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${client.key}`,
      'gatehouse-user-token': admin,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ organization: 'acme', intent: 'sso' }),
  }).then(answerOf);

const link = (value: unknown): Fault => ({ kind: 'link', link: value });

describe('generatePortalLink when WorkOS answers', () => {
  const refused = async (fault: Fault, code: number, slug: string): Promise<number> => {
    const before = linkRequests(gatehouse);
    gatehouse.workos.fault(MINT, fault);

    const answer = await generateLink();

    const asked = linkRequests(gatehouse) - before;
    expectProblem(answer, code, slug);
    expect(answer.type).toBe('application/json');
    gatehouse.workos.clearFaults();
    // Twice, so that the circuit breaker stays closed, which is not the matter here.
    expect([(await generateLink()).status, (await generateLink()).status]).toEqual([201, 201]);
    return asked;
  };

  it.each([...ANSWERS, ['409', () => status(409), 502, 'upstream-rejected'] as const])(
    '%s: is reported and not retried',
    async (_case, fault, code, slug) => {
      expect(await refused(fault(), code, slug)).toBe(1);
    },
  );

  it.each([
    ...OUTAGES,
    [
      'a reset after headers',
      () => ({ kind: 'reset', when: 'after-headers' }) as const,
      502,
      'upstream-unreachable',
    ] as const,
  ])('%s: is reported after at most one retry', async (_case, fault, code, slug) => {
    expect(await refused(fault(), code, slug)).toBeLessThanOrEqual(2);
  });

  it.each(NONSENSE)('%s: is reported and not retried', async (_case, fault, code, slug) => {
    expect(await refused(fault(), code, slug)).toBe(1);
    expect(elsewhere.requests).toBe(0);
  });

  it.each<[string, unknown]>([
    ['javascript:', 'javascript:alert(1)'],
    ['data:', 'data:text/html,hello'],
    ['http:', 'http://setup.workos.com/portal'],
    ['a foreign host', 'https://evil.example/portal'],
    ['a host that begins like ours', 'https://setup.workos.com.evil.example/'],
    ['a host below ours', 'https://a.setup.workos.com/'],
    ['another port', 'https://setup.workos.com:8443/'],
    ['a user name', 'https://user@setup.workos.com/'],
    ['a password', 'https://:secret@setup.workos.com/'],
    [
      'a backslash, before which other parsers see a user name',
      'https://setup.workos.com\\@evil.example/',
    ],
    ['CRLF', 'https://setup.workos.com/\r\nSet-Cookie: a=b'],
    ['a space', 'https://setup.workos.com/a b'],
    ['a tab in the scheme', 'ht\ttps://setup.workos.com/'],
    ['a letter beyond ASCII', 'https://setup.workos.com/ä'],
    ['10 KB', `https://setup.workos.com/${'a'.repeat(10_240)}`],
    ['a path', '/portal'],
    ['an address without a scheme', '//setup.workos.com/'],
    ['no address', 'portal'],
    ['nothing', ''],
    ['null', null],
    ['a number', 42],
    ['an array', ['https://setup.workos.com/']],
    ['an object', { href: 'https://setup.workos.com/' }],
    ['true', true],
    ['no link at all', undefined],
  ])('an invalid link is refused: %s', async (_case, value) => {
    expect(await refused(link(value), 502, 'upstream-invalid-response')).toBe(1);
  });

  it.each(['https://setup.workos.com/portal?token=1', 'https://setup.workos.com:443/portal'])(
    'accepts the link %s',
    async (value) => {
      gatehouse.workos.fault(MINT, link(value));

      const { status: code, problem } = await generateLink();

      expect([code, problem]).toEqual([201, { link: value }]);
    },
  );

  it('one failure, then a link: the caller sees only the link', async () => {
    gatehouse.workos.fault(MINT, status(503), { times: 1 });
    const before = linkRequests(gatehouse);

    const { status: code, problem } = await generateLink();

    expect([code, problem]).toEqual([201, { link: expect.any(String) }]);
    expect(linkRequests(gatehouse)).toBe(before + 2);
  });

  it('404 while the organization exists: reports a refusal by WorkOS, not a missing object', async () => {
    gatehouse.workos.fault(MINT, status(404));

    const answer = await generateLink();

    expectProblem(answer, 502, 'upstream-rejected');
    const tenant = await gatehouse.as(client).get('/v1/tenants/acme');
    expect(tenant.body).toMatchObject({ status: 'active' });
  });

  it('shows the browser a page and never redirects it', async () => {
    const pages: [number, string | undefined, string][] = [];
    for (const fault of [link('javascript:alert(1)'), redirect(302), json('{}'), status(422)]) {
      const { ticket } = await createLaunch(gatehouse, client, { userToken: admin });
      gatehouse.workos.fault(MINT, fault, { times: 1 });
      const res = await openLaunchPage(gatehouse.url, { ticket });
      pages.push([res.status, res.headers.location, res.text]);
    }

    expect(pages).toEqual(
      Array(4).fill([502, undefined, expect.not.stringMatching(/javascript:|canary|evil/)]),
    );
  });
});

/** On a replica of their own, whose circuit breaker they open. All at once, for each takes seconds. */
describe('a slow WorkOS', () => {
  const timed = async (work: () => Promise<Answer>) => {
    const started = performance.now();
    return { answer: await work(), seconds: (performance.now() - started) / 1_000 };
  };

  it('ends at the deadline, in bounded memory, and leaves no connection behind', async () => {
    const replica = gatehouse.urls[1] ?? '';
    const { workos } = gatehouse;
    const slow: Fault = { kind: 'slow-body', bytesPerSecond: 1 };
    workos.fault(MINT, { kind: 'silence' }, { times: 10 });
    workos.fault(MINT, slow, { times: 20 });
    workos.fault(LOOK_UP, { kind: 'silence' }, { times: 1 });
    workos.fault(LOOK_UP, slow, { times: 1 });
    const ids = [newTenant(), newTenant()];
    const before = linkRequests(gatehouse);

    const results = await Promise.all([
      ...Array.from({ length: 30 }, () => timed(() => generateLink(replica))),
      ...ids.map((id) => timed(() => putTenant(id, {}, replica))),
    ]);

    for (const { answer, seconds } of results) {
      expectProblem(answer, 504, 'upstream-timeout');
      expect(seconds).toBeGreaterThan(2.9);
      expect(seconds).toBeLessThan(within(6.5));
    }
    expect(linkRequests(gatehouse)).toBe(before + 30);
    for (const id of ids) {
      expect((await putTenant(id)).status).toBe(200);
      expect(organizationsOf(id)).toHaveLength(1);
    }
  });

  it('creates no second organization after a creation that was not answered', async () => {
    const tenantId = newTenant();
    gatehouse.workos.fault(CREATE, { kind: 'delay', ms: 20_000 }, { times: 1 });

    const { answer, seconds } = await timed(() => putTenant(tenantId));
    const again = await putTenant(tenantId);

    expectProblem(answer, 504, 'upstream-timeout');
    expect(seconds).toBeLessThan(within(6.5));
    expect(again.status).toBe(200);
    expect(organizationsOf(tenantId)).toHaveLength(1);
  });

  it('reads only the start of twenty answers of 200 MB', async () => {
    gatehouse.workos.fault(MINT, { kind: 'huge', bytes: 200_000_000 }, { times: 20 });
    const before = process.memoryUsage.rss();
    let highest = before;
    const watching = new AbortController();
    const watch = (async () => {
      while (!watching.signal.aborted) {
        highest = Math.max(highest, process.memoryUsage.rss());
        await pause(5);
      }
    })();

    const results = await Promise.all(
      Array.from({ length: 20 }, () => timed(() => generateLink())),
    );
    watching.abort();
    await watch;

    for (const { answer, seconds } of results) {
      expectProblem(answer, 502, 'upstream-invalid-response');
      expect(seconds).toBeLessThan(within(3.5));
    }
    expect((highest - before) / 2 ** 20).toBeLessThan(64);
  });
});

itLeaksNothing();
