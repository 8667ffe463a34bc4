import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { loadConfig } from '../../src/config/config.ts';
import { runAs } from '../../src/core/caller.ts';
import type { Tracer } from '../../src/core/span.ts';
import { currentSpan, inSpan, inTaskSpan } from '../../src/core/tracing.ts';
import { openTracer } from '../../src/process/tracing/open-tracer.ts';
import { startCollector, type Collector } from '../support/collector.ts';

const SAMPLED = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const NOT_SAMPLED = SAMPLED.replace(/1$/, '0');

let collector: Collector;
let logs: string[];

beforeEach(async () => {
  collector = await startCollector();
  logs = [];
});
afterEach(() => collector.stop());

const open = async (env: Readonly<Record<string, string>> = {}): Promise<Tracer> => {
  const config = loadConfig({
    NODE_ENV: 'test',
    PUBLIC_URL: 'https://gatehouse.example.com',
    DATABASE_URL: 'postgres://localhost/none',
    WORKOS_API_KEY: 'sk_test_1',
    WORKOS_CLIENT_ID: 'client_1',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    ...env,
  });
  const lines = logs;
  const tracer = await openTracer(
    config,
    pino({}, { write: (line) => lines.push(line) }),
    'worker',
  );
  if (!tracer) throw new Error('Nothing is traced.');
  return tracer;
};

const request = (tracer: Tracer, traceparent?: string): void => {
  const span = tracer.start({ name: 'GET /x', kind: 'server', traceparent });
  span.child({ name: 'select', kind: 'database' })?.end();
  span.end();
};

describe('the sampler', () => {
  it.each([
    ['parentbased_always_on', '1', 4],
    ['parentbased_traceidratio', '0', 2],
    ['parentbased_always_off', '1', 2],
    ['always_on', '1', 6],
    ['traceidratio', '0', 0],
    ['always_off', '1', 0],
  ])('%s with %s records what it should of three traces', async (name, ratio, expected) => {
    const tracer = await open({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio });
    for (const traceparent of [undefined, SAMPLED, NOT_SAMPLED]) request(tracer, traceparent);
    await tracer.close();

    expect(collector.spans().length).toBe(expected);
  });

  it('passes its decision on', async () => {
    const tracer = await open({ OTEL_TRACES_SAMPLER: 'always_off' });
    const span = tracer.start({ name: 'GET /x', kind: 'server', traceparent: SAMPLED });

    expect(span.traceparent).toMatch(/^00-a{32}-[0-9a-f]{16}-00$/);
    expect(span.child({ name: 'select', kind: 'database' })?.traceparent).toBe(span.traceparent);
    await tracer.close();
  });
});

describe('work', () => {
  it('is in the span that it runs in, which names the kind of its error and not its message', async () => {
    const tracer = await open();
    const span = tracer.start({ name: 'GET /x', kind: 'server' });
    const work = () =>
      inSpan(
        () => ({ name: 'outer', kind: 'internal' }),
        () =>
          inSpan(
            () => ({ name: 'inner', kind: 'internal' }),
            () => Promise.reject(new TypeError('SECRET')),
          ),
      );
    await expect(runAs({ clientId: 'a', priority: 'ordinary', span }, work)).rejects.toThrow();
    span.end();
    await tracer.close();

    const [inner, outer, root] = collector.spans();
    expect([inner?.name, outer?.name, root?.name]).toEqual(['inner', 'outer', 'GET /x']);
    expect(inner).toMatchObject({
      parentSpanId: outer?.spanId,
      attributes: { 'error.type': 'TypeError' },
      status: { code: 2 },
    });
    expect(JSON.stringify(collector.received)).not.toContain('SECRET');
  });

  it('of a task is recorded from the moment at which there is something to tell', async () => {
    const tracer = await open();
    await inTaskSpan(tracer, 'idle', () =>
      inSpan(
        () => ({ name: 'select', kind: 'database' }),
        () => Promise.resolve(),
      ),
    );
    await inTaskSpan(tracer, 'busy', (span) => Promise.resolve(span?.set({ eventsApplied: 3 })));
    await inTaskSpan(tracer, 'failing', () => Promise.reject(new Error())).catch(() => undefined);
    await tracer.close();

    expect(collector.spans().map(({ name }) => name)).toEqual(['busy', 'failing']);
  });

  it('runs as it is where nothing is traced', async () => {
    const result = await inTaskSpan(undefined, 'task', () =>
      inSpan(
        () => {
          throw new Error('A span was described.');
        },
        (span) => Promise.resolve([span, currentSpan()]),
      ),
    );

    expect(result).toEqual([undefined, undefined]);
  });
});

describe('a collector that', () => {
  it('never answers gets a bounded number of spans, and delays the end by a bounded time', async () => {
    collector.answer = () => undefined;
    const tracer = await open();
    for (let count = 0; count < 10_000; count += 1) request(tracer);
    await tracer.close();

    const waited = collector.spans().length;
    expect(waited).toBeGreaterThan(500);
    expect(waited).toBeLessThanOrEqual(2_048 + 512);
    expect(logs.join()).toContain('"cause":"no answer within 2 s"');
  });

  it('refuses is named in the log by its status, without what it said', async () => {
    collector.answer = (_request, res) => res.writeHead(401).end('SECRET');
    const tracer = await open();
    request(tracer);
    await tracer.close();

    expect(logs.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ cause: 'status 401', level: 40 }),
    ]);
    expect(logs.join()).not.toContain('SECRET');
  });
});
