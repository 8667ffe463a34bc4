import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../src/process/metrics/metrics.ts';
import type { Amounts } from '../../src/workos/budget/amounts.ts';
import type { Gatehouse } from '../../src/process/gateway.ts';
import { expectCommitted } from '../support/committed-docs.ts';
import { createCaller, type Caller } from '../support/http-caller.ts';
import { registeredMetrics, seriesOf, valueOf } from '../support/metrics.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';

const gatehouse = useGatehouse();
let one: Gatehouse;
let caller: Caller;
beforeAll(async () => {
  one = await gatehouse.startReplica();
  caller = createCaller(`http://127.0.0.1:${one.port}`, 20);
  await gatehouse.provision('acme');
});
afterAll(() => caller.close());

const scrape = async (): Promise<string> =>
  (await fetch(`http://127.0.0.1:${one.adminPort}/metrics`)).text();

const many = (count: number, send: (index: number) => Promise<unknown>) =>
  Promise.all(Array.from({ length: count }, (_, index) => send(index)));

describe('the series', () => {
  it('do not grow with strange paths, methods, keys, tenants, bodies and codes of WorkOS', async () => {
    const client = await gatehouse.createClient();
    const headers = { authorization: `Bearer ${client.key}`, 'content-type': 'application/json' };
    const strange = async (index: number): Promise<void> => {
      // One after another, so that this fault is met by the call for which it is meant.
      gatehouse.workos.fault(
        'POST /user_management/invitations',
        { kind: 'status', status: 422, body: { code: `canary_code_${index}`, message: 'No.' } },
        { times: 1 },
      );
      await caller.send({
        method: 'post',
        path: '/user_management/invitations',
        headers,
        body: JSON.stringify({ email: 'a@example.com', organization_id: 'acme' }),
      });
    };
    const strangers = (index: number) => {
      const word = `canary-${index}`;
      const get = (path: string, more: Record<string, string> = headers) =>
        caller.send({ method: 'get', path, headers: more });
      return Promise.all([
        get(`/${word}/${word}`),
        get(`/v1/tenants/${word}?${word}=1`),
        get('/v1/tenants', { authorization: `Bearer ${word}` }),
        caller.send({
          method: ['propfind', 'lock', 'm-search'][index % 3] ?? '',
          path: `/${word}`,
        }),
        caller.send({ method: 'put', path: `/v1/tenants/x`, headers, body: `{"${word}":1}` }),
      ]);
    };
    await strange(0);
    await strangers(0);
    await strangers(1);
    await strangers(2);
    const before = new Set(seriesOf(await scrape()));

    for (let index = 1; index < 6; index += 1) await strange(index);
    await many(200, (index) => strangers(index + 3));

    const after = await waitFor(async () => {
      const text = await scrape();
      const unmatched =
        'gatehouse_requests_total{operation="(none)",status="404",problem="not_found"}';
      return (valueOf(text, unmatched) ?? 0) >= 400 && text;
    });
    // A background task, a kind of garbage collection or a round of the budget may have come for the first time.
    const mayComeLate = /task=|^nodejs_gc_|client="client-\d+"/;
    const isNew = (series: string) => !before.has(series) && !mayComeLate.test(series);
    expect(seriesOf(after).filter(isNew)).toEqual([]);
    expect(after).not.toContain('canary');
    // A thousand requests at once, which take a busy machine minutes.
  }, 300_000);

  it('name the 20 clients that use most of the budget, and one for all others', async () => {
    const { registry, watchBudget } = createMetrics();
    const requests = (count: number): Amounts => ({
      login: 0,
      interactive: 0,
      ordinary: count,
      batch: 0,
    });
    const used = new Map(
      Array.from({ length: 1_000 }, (_, index) => [`client-${index}`, requests(index)]),
    );
    watchBudget(() => ({ level: 0, used, shareOf: () => 6_000, holds: new Map() }));

    const text = await registry.metrics();

    const of = (name: string) => seriesOf(text).filter((series) => series.startsWith(`${name}{`));
    expect(of('gatehouse_upstream_budget_client_requests')).toHaveLength(21);
    expect(of('gatehouse_upstream_budget_client_share')).toHaveLength(20);
    const others = 'gatehouse_upstream_budget_client_requests{client="(other)"}';
    expect(valueOf(text, others)).toBe((979 * 980) / 2);
  });
});

describe('a breaker', () => {
  it('is shown as open while calls of its class are refused', async () => {
    const client = await gatehouse.createClient();
    const admin = await gatehouse.userToken();
    gatehouse.workos.fault('POST /portal/generate_link', { kind: 'status', status: 503 });
    const link = () =>
      caller.send({
        method: 'post',
        path: '/portal/generate_link',
        headers: {
          authorization: `Bearer ${client.key}`,
          'gatehouse-user-token': admin,
          'content-type': 'application/json',
        },
        body: '{"organization":"acme","intent":"sso"}',
      });
    const shown = async () =>
      valueOf(await scrape(), 'gatehouse_upstream_breaker_open{class="portal"}');
    await link();
    const before = await shown();

    await many(40, link);

    expect(before).toBe(0);
    await waitFor(async () => {
      await link();
      return (await shown()) === 1;
    });
    const links = `gatehouse_portal_links_total{intent="sso",outcome="upstream_error"}`;
    expect(valueOf(await scrape(), links)).toBeGreaterThan(0);
  });
});

describe('the metrics', () => {
  const metrics = registeredMetrics().filter(({ name }) => name.startsWith('gatehouse_'));

  it.each(metrics.map((metric) => [metric.name, metric] as const))(
    '%s follows the conventions of Prometheus',
    (name, { type, help }) => {
      expect(name).toMatch(/^[a-z][a-z_]*[a-z]$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|kb|count|sum|bucket)$/);
      if (type === 'histogram') expect(name).toMatch(/_(seconds|bytes)$/);
      expect(help).toMatch(/\.$/);
    },
  );

  it('are all in docs/metrics.md', async () => {
    const rows = metrics.map(
      ({ name, type, labelNames, help }) =>
        `| \`${name}\` | ${type} | ${labelNames.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
    );
    await expectCommitted(
      'docs/metrics.md',
      [
        INTRODUCTION,
        '| Metric | Type | Labels | Meaning |\n| --- | --- | --- | --- |',
        ...rows,
      ].join('\n'),
      { proseWrap: 'always' },
    );
  });
});

const INTRODUCTION = `# Metrics

<!-- Generated from src/process/metrics by \`UPDATE_DOCS=1 npm test -- test/process/metrics.test.ts\`. Do not edit. -->

On \`/metrics\` of the admin port of every gateway and every worker, in Prometheus's text format. Besides these there
are the standard metrics of a process (\`process_*\`: CPU, memory, file descriptors) and of Node.js (\`nodejs_*\`: event
loop lag, heap, garbage collection). No scrape asks Postgres: what needs it is measured in the background, so
\`/metrics\` answers while Postgres is away.

What is said of the whole database (\`gatehouse_events_*\` gauges, \`gatehouse_event_*\`,
\`gatehouse_webhook_deliveries_waiting\`, \`gatehouse_webhook_oldest_due_seconds\`, \`gatehouse_launch_mails_waiting\`, \`gatehouse_upstream_budget_client_*\`)
is the same in every process that shows it: take the maximum, not the sum. A gateway shows 0 for what only workers
measure.

Label values come from lists in the code, so the number of series does not grow with callers. Only
\`gatehouse_upstream_budget_client_*\` name clients: the 20 that use most.
`;
