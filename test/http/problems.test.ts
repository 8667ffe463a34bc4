import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { accessLog } from '../../src/http/access-log.ts';
import { createRequestSpans } from '../../src/http/request-span.ts';
import { errorHandler } from '../../src/http/errors.ts';
import { listen, type HttpServer } from '../../src/http/server.ts';
import { OPERATIONS } from '../../src/openapi/operations.ts';
import { problemsOf } from '../../src/openapi/problems.ts';
import { createPages } from '../../src/pages/pages.ts';
import { Problem, PROBLEMS, type ProblemSlug } from '../../src/core/problem.ts';
import { createRefusals } from '../../src/rate-limits/refusals.ts';
import { createCaller, type Caller } from '../support/http-caller.ts';
import { waitForAnswer } from '../support/wait-for.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { problemType, PUBLIC_URL } from '../support/problem-type.ts';

const SLUGS = Object.keys(PROBLEMS) as ProblemSlug[];
const codeOf = (slug: string) => slug.replaceAll('-', '_');

describe('every problem', () => {
  let server: HttpServer;
  let caller: Caller;

  beforeAll(async () => {
    const pages = createPages({
      brand: { name: 'Acme', logoUrl: undefined, color: '#3b4cca' },
      portalOrigins: [],
    });
    const page = {
      operationId: 'page',
      endpoint: {
        method: 'get',
        path: '/page',
        summary: 'A page',
        access: 'public',
        reply: { status: 'browser', answers: {} },
        problems: [],
      },
      handle: () => Promise.resolve(undefined),
    } as const;
    const app = express().disable('x-powered-by');
    app.use(accessLog(() => undefined, createRequestSpans(undefined)));
    app.use((req) => {
      throw new Problem(req.header('slug') as ProblemSlug, 'What happened.');
    });
    app.use(errorHandler([], pages, [page], createRefusals(), PUBLIC_URL));
    server = await listen(app, 0, '127.0.0.1', PUBLIC_URL);
    caller = createCaller(`http://127.0.0.1:${server.port}`);
  });

  afterAll(async () => {
    await caller.close();
    await server.close();
  });

  it.each(SLUGS)('is written as RFC 9457 has it: %s', async (slug) => {
    const { status, headers, json } = await caller.send({
      method: 'get',
      path: '/v1/x?secret=1',
      headers: { slug },
    });

    const expected = PROBLEMS[slug];
    expect(status).toBe(expected.status);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(json).toEqual({
      type: problemType(slug),
      title: expected.title,
      status: expected.status,
      detail: 'What happened.',
      instance: `urn:uuid:${String(headers['x-request-id'])}`,
      code: codeOf(slug),
      message: 'What happened.',
    });
  });

  it.each(SLUGS)('is plain JSON for SDKs, unless Accept says otherwise: %s', async (slug) => {
    const plain = await caller.send({ method: 'get', path: '/x', headers: { slug } });
    const asked = await caller.send({
      method: 'get',
      path: '/x',
      headers: { slug, accept: 'application/problem+json' },
    });

    expect(plain.headers['content-type']).toBe('application/json');
    expect(asked.headers['content-type']).toBe('application/problem+json');
    expect(plain.json.code).toBe(codeOf(slug));
  });

  it.each(SLUGS)('is a page for a browser: %s', async (slug) => {
    const { status, headers, text } = await caller.send({
      method: 'get',
      path: '/page',
      headers: { slug },
    });

    expect([status, headers['content-type']]).toEqual([
      PROBLEMS[slug].status,
      'text/html; charset=utf-8',
    ]);
    expect(text).toContain(String(headers['x-request-id']));
  });

  it.each(SLUGS)('says when to come back, and how to come at all: %s', async (slug) => {
    for (const path of ['/v1/x', '/page']) {
      const { status, headers } = await caller.send({ method: 'get', path, headers: { slug } });

      if (status === 503) expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
      if (status === 401)
        expect(headers['www-authenticate']).toMatch(/^(Bearer|Basic|WorkOS-Signature) realm=/);
      else expect(headers['www-authenticate']).toBeUndefined();
    }
  });
});

describe('the list of problems', () => {
  /** Name problems, and throw none. */
  const LISTS =
    /^(pages|openapi)\/|^core\/problem\.ts$|\/families\/|contract\.ts$|problem-lists\.ts$/;
  const sources = readdirSync(new URL('../../src', import.meta.url), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts') && !LISTS.test(name))
    .map((name) => readFileSync(new URL(`../../src/${name}`, import.meta.url), 'utf8'));

  it.each(SLUGS)('names nothing that cannot happen: %s', (slug) => {
    expect(sources.some((source) => source.includes(`'${slug}'`))).toBe(true);
  });

  /** Of any path, or of none: of the parser and of paths and methods that are no operation's. */
  const OF_NO_OPERATION = [
    'method-not-allowed',
    'not-implemented',
    'headers-too-large',
    'request-timeout',
  ];

  it.each(SLUGS)('is in the contract: %s', (slug) => {
    const documented = Object.values(OPERATIONS).flatMap(({ contract }) =>
      Object.values(contract).flatMap(problemsOf),
    );

    expect([...documented, ...OF_NO_OPERATION]).toContain(slug);
  });

  it('gives each status to errors only, and each title once', () => {
    const all = Object.values(PROBLEMS);

    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
    for (const { status } of all) expect(status).toBeGreaterThanOrEqual(400);
  });

  it.each(SLUGS)('speaks in kebab-case: %s', (slug) => {
    expect(slug).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});

describe('an error that nobody foresaw', () => {
  let gatehouse: TestApp;
  let client: TestClient;
  const CANARY = 'canary-4711';

  beforeAll(async () => {
    gatehouse = await startTestApp();
    client = await gatehouse.createClient();
    await gatehouse.provision('acme');
    await gatehouse.database.superuser(`
      create function raise_canary() returns trigger language plpgsql as $$
      begin
        raise exception 'insert into it_admins failed: % ${CANARY}', new.user_id
          using hint = '${CANARY}', detail = '${CANARY}', errcode = 'P0001';
      end $$`);
    await gatehouse.database.superuser(
      'create trigger canary before insert on it_admins for each row execute function raise_canary()',
    );
  });
  afterAll(() => gatehouse.stop());

  it('is a 500 that says nothing of it, in the answer or in the log', async () => {
    const res = await gatehouse
      .as(client)
      .put('/v1/tenants/acme/it-admins/canary-user')
      .send({ state: 'granted' });

    expect(res.status).toBe(500);
    expect(res.body).toMatchObject({ code: 'internal', status: 500 });
    expect(Object.keys(res.body as object).sort()).toEqual(
      ['code', 'detail', 'instance', 'message', 'status', 'title', 'type'].sort(),
    );
    expect(res.text + JSON.stringify(res.headers)).not.toMatch(/canary|insert|P0001|at .*:\d/i);
    expect(gatehouse.logs.join('')).not.toMatch(/canary/);
  });

  it('is said to the operator by its code and its place', async () => {
    const res = await gatehouse
      .as(client)
      .put('/v1/tenants/acme/it-admins/somebody')
      .set('x-request-id', 'unforeseen')
      .send({ state: 'granted' });

    const line = await waitForAnswer(
      () =>
        Promise.resolve(
          gatehouse.logs
            .map((text) => JSON.parse(text) as Record<string, unknown>)
            .find(({ request_id: id }) => id === 'unforeseen'),
        ),
      (found) => found !== undefined,
    );
    expect(res.status).toBe(500);
    expect(line).toMatchObject({
      level: 50,
      code: 'internal',
      cause: expect.stringMatching('P0001'),
    });
  });

  it('left nothing half done, and the service as it was', async () => {
    const rows = await gatehouse.database.superuser('select * from it_admins');
    const { status } = await gatehouse.as(client).get('/v1/tenants/acme');

    expect([rows, status]).toEqual([[], 200]);
  });
});
