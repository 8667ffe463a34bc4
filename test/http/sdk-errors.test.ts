/** What official SDKs for Node show of each problem: enough to correct the mistake, or to report it. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RateLimitExceededException, WorkOS } from '@workos-inc/node';
import { isOfWorkos } from '../../src/http/endpoint.ts';
import { problemBody, problemHeaders } from '../../src/http/problem-details.ts';
import { OPERATIONS } from '../../src/openapi/operations.ts';
import { problemsOf } from '../../src/openapi/problems.ts';
import { Problem, PROBLEMS, type ProblemSlug } from '../../src/core/problem.ts';
import { GENERATIONS, type Generation } from '../support/compatibility/call.ts';
import { expectCommitted } from '../support/committed-docs.ts';
import { PUBLIC_URL } from '../support/problem-type.ts';
import { examples, type Callers } from '../support/sdk-errors/examples.ts';
import { sdkOptions } from '../support/sdk.ts';
import { nodeSection, partsOf, type Row } from '../support/sdk-errors/section.ts';
import { shownBy, type ErrorAnswer } from '../support/sdk-errors/shown.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const FILE = 'docs/errors.md';
const SECTION = /(?<=<!-- node -->\n)[^]*(?=<!-- \/node -->)/;

/** Of paths and methods that are no operation's. */
const OF_NO_OPERATION = ['method-not-allowed', 'not-implemented', 'headers-too-large'] as const;
const endpoints = Object.values(OPERATIONS).flatMap(({ contract }) => Object.values(contract));
const possible = new Set<string>([
  ...OF_NO_OPERATION,
  ...endpoints
    .filter((endpoint) => isOfWorkos(endpoint) && endpoint.reply.status !== 'browser')
    .flatMap(problemsOf),
]);
const SLUGS = (Object.keys(PROBLEMS) as ProblemSlug[]).filter((slug) => possible.has(slug));

const gatehouse = useGatehouse({
  env: { RATE_LIMIT_CLIENT_PER_MINUTE: '200', WEBHOOK_ENDPOINT_ORIGINS: 'https://app.example.com' },
});
const rows: (Row & { readonly slug: ProblemSlug })[] = [];

beforeAll(async () => {
  const callers = await prepared();
  for (const slug of SLUGS) {
    for (const { what, answer } of examples[slug] ?? [])
      rows.push(await rowOf(slug, what, await answer(callers)));
    if (!examples[slug]) rows.push(await rowOf(slug, undefined, written(slug)));
  }
}, 180_000);

async function prepared(): Promise<Callers> {
  const client = await gatehouse.createClient();
  for (const id of ['acme', 'hooli', 'gone']) await gatehouse.provision(id);
  const agent = gatehouse.as(client);
  await agent.patch('/v1/tenants/hooli').send({ status: 'suspended' }).expect(200);
  await agent.delete('/organizations/gone').expect(204);
  const endpoint = {
    endpoint_url: 'https://app.example.com/hooks',
    events: ['dsync.user.created'],
  };
  await agent.post('/webhook_endpoints').send(endpoint).expect(201);
  return {
    ...{ gatehouse, client, busy: await gatehouse.createClient() },
    limited: await gatehouse.createClient({
      ...{ scopes: ['tenants:read', 'connections:read', 'audit_logs:write'], tenants: ['acme'] },
    }),
    itAdmin: await gatehouse.userToken({ tenant_id: 'hooli' }),
    member: await gatehouse.userToken({ roles: [] }),
  };
}

async function rowOf(slug: ProblemSlug, what: string | undefined, answer: ErrorAnswer) {
  if (answer.status < 400)
    throw new Error(`${slug}, ${String(what)}: ${answer.status} ${answer.body}`);
  const [seven, eight, eleven] = await Promise.all(
    GENERATIONS.map((generation) => shownBy(generation, answer)),
  );
  if (!seven || !eight || !eleven) throw new Error('There are three generations.');
  const { code } = JSON.parse(answer.body) as { code: string };
  return { slug, code, what, answer, shown: { 7: seven, 8: eight, 11: eleven } };
}

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(`src/${name}`, 'utf8'))
  .join('\n');

/** The first text that the source has for a problem; its title if there is none. */
function textOf(slug: ProblemSlug): string {
  const literal = new RegExp(`Problem\\(\\s*'${slug}',[^'\`;]*?(['\`])(.*?)\\1`, 's');
  const text = literal.exec(sources)?.[2] ?? `${PROBLEMS[slug].title}.`;
  return text.replaceAll(/\$\{[^}]*\}/g, '…');
}

/** Seconds left differ from run to run. */
const stable = ({ answer, shown, ...row }: Row): Row => ({
  ...row,
  answer: { ...answer, body: withoutSeconds(answer.body) },
  shown: {
    7: { ...shown[7], message: withoutSeconds(shown[7].message) },
    8: { ...shown[8], message: withoutSeconds(shown[8].message) },
    11: { ...shown[11], message: withoutSeconds(shown[11].message) },
  },
});
const withoutSeconds = (text: string): string => text.replaceAll(/ in \d+ s\b/g, ' in … s');

/** As the gateway writes a problem that no request can cause. */
function written(slug: ProblemSlug): ErrorAnswer {
  const problem = new Problem(slug, textOf(slug));
  return {
    status: PROBLEMS[slug].status,
    headers: {
      ...problemHeaders(problem),
      ...{ 'content-type': 'application/json', 'x-request-id': 'request-1' },
    },
    body: JSON.stringify(problemBody(problem, 'request-1', PUBLIC_URL)),
  };
}

const each = (of: (row: Row, generation: Generation) => boolean): string[] =>
  rows.flatMap((row) =>
    GENERATIONS.filter((generation) => of(row, generation)).map(
      (generation) => `${row.slug}, SDK ${generation}`,
    ),
  );

describe('an error that an SDK shows', () => {
  it('is the one that the example is about', () => {
    const wrong = rows.filter(
      ({ slug, answer }) => !answer.body.includes(`/docs/problems#${slug}"`),
    );

    expect(wrong.map(({ slug, answer }) => [slug, answer.body])).toEqual([]);
  });

  it('holds the gateway’s message or codes, unless the SDK has a text of its own for the status', () => {
    const silent = each(
      ({ answer, shown }, generation) =>
        !partsOf(shown[generation], answer).some((part) => /message|code/.test(part)),
    );

    expect(new Set(silent.map((one) => one.split(',')[0]))).toEqual(
      new Set(['unauthenticated', 'invalid-user-token', 'invalid-client', 'invalid-access-token']),
    );
  });

  it.each(['too-many-requests', 'workos-share-used'])(
    'has the class of rate limits and says how long to wait: %s',
    (slug) => {
      const shown = rows.find((row) => row.slug === slug)?.shown;

      for (const generation of GENERATIONS)
        expect(shown?.[generation]).toMatchObject({
          class: 'RateLimitExceededException',
          message: expect.stringContaining('Try again in'),
        });
    },
  );

  it('says after how many seconds a limit allows more, in all three SDKs', () => {
    const { answer, shown } = rows.find(({ slug }) => slug === 'too-many-requests') ?? {};
    const seconds = Number(answer?.headers['retry-after']);

    expect(seconds).toBeGreaterThan(0);
    expect(GENERATIONS.map((generation) => shown?.[generation].retryAfter)).toEqual([
      seconds,
      seconds,
      seconds,
    ]);
  });

  it('is a RateLimitExceededException when SDK 11 itself has used up the limit', async () => {
    const { key } = await gatehouse.createClient();
    const { organizations } = new WorkOS(key, { ...sdkOptions(gatehouse), maxRetries: 0 });
    let error: unknown;
    for (let n = 0; n < 60 && !error; n += 1)
      error = await organizations.listOrganizations({ limit: 100 }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );

    expect(error).toBeInstanceOf(RateLimitExceededException);
    expect((error as RateLimitExceededException).retryAfter).toBeGreaterThan(0);
  });

  it('leads to the log line of the request', () => {
    const lost = each(({ shown }, generation) => !shown[generation].requestID);

    expect(lost.filter((one) => one.endsWith('SDK 11'))).toEqual([]);
  });

  it('is what docs/errors.md says', async () => {
    const before = readFileSync(FILE, 'utf8');
    const section = `\n${nodeSection(rows.map(stable))}\n\n`;
    const page = before.replace(SECTION, () => section);
    await expectCommitted(FILE, page);
  });
});
