import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCaller, type Answer, type Caller } from '../support/http-caller.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const [OLD, NEW] = ['old-secret-of-workos', 'new-secret-of-workos'] as const;

let gatehouse: TestApp;
let caller: Caller;
beforeAll(async () => {
  gatehouse = await startTestApp({ env: { WORKOS_WEBHOOK_SECRETS: `${OLD}, ${NEW}` } });
  caller = createCaller(gatehouse.url);
});
afterAll(async () => {
  await caller.close();
  await gatehouse.stop();
});

let count = 0;
const newEvent = (fields: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    id: `event_${(count += 1)}`,
    event: 'connection.activated',
    data: { object: 'connection', id: 'conn_1', organization_id: 'org_1', name: 'Łódź' },
    created_at: '2030-01-01T00:00:00.000Z',
    ...fields,
  });
const rows = () =>
  gatehouse.database.superuser<{ id: string }>(
    'select id, event, organization_id, data, source from events',
  );

const sign = (body: string | Buffer, secret: string, t: number | string): string =>
  createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex');

interface Delivery {
  readonly body: string | Buffer;
  /** More than one: the header is sent so often. */
  readonly signature: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}
const deliver = ({ body, signature, headers = {} }: Delivery): Promise<Answer> =>
  caller.send({
    method: 'POST',
    path: '/webhooks/workos',
    headers: [
      ...Object.entries({ 'content-type': 'application/json', ...headers }).flat(),
      ...signature.flatMap((value) => ['workos-signature', value]),
    ],
    body,
  });

/** A delivery as it should be, but for what is said. */
function delivery({
  body = newEvent(),
  secret = NEW,
  t = Date.now(),
  v1 = sign(body, secret, t),
}: {
  body?: string | Buffer;
  secret?: string;
  t?: number | string;
  v1?: string;
} = {}): Delivery {
  return { body, signature: [`t=${t}, v1=${v1}`] };
}

const body = newEvent();
const [t, v1] = [Date.now(), sign(body, NEW, Date.now())];
const forged = 'f'.repeat(64);

const ACCEPTED: readonly (readonly [string, () => Delivery])[] = [
  ['signed with the newest secret', () => delivery()],
  ['signed with the secret before', () => delivery({ secret: OLD })],
  ['170 s old', () => delivery({ t: Date.now() - 170_000 })],
  ['170 s ahead', () => delivery({ t: Date.now() + 170_000 })],
  [
    'with v1 before t, without the space',
    () => ({ body, signature: [`v1=${sign(body, NEW, t)},t=${t}`] }),
  ],
  [
    'with a second v1 and a scheme of the future',
    () => ({ body, signature: [`t=${t}, v1=${forged}, v0=old, v1=${sign(body, NEW, t)}`] }),
  ],
  [
    'in upper-case hex',
    () => ({ body, signature: [`t=${t}, v1=${sign(body, NEW, t).toUpperCase()}`] }),
  ],
  ['of an event that nobody knows yet', () => delivery({ body: newEvent({ event: 'new.thing' }) })],
  [
    'with white space and members of the future',
    () => delivery({ body: `\n${newEvent({ object: 'event', context: {}, more: [1] })} ` }),
  ],
  [
    'with NUL and half a surrogate pair',
    () => delivery({ body: newEvent({ data: { name: '\0\ud800' } }) }),
  ],
  ['of 900 KB', () => delivery({ body: newEvent({ data: { name: 'x'.repeat(900_000) } }) })],
];

const REJECTED: readonly (readonly [string, number, string, () => Delivery])[] = [
  ['without a signature', 401, 'invalid_signature', () => ({ body, signature: [] })],
  ['with an empty one', 401, 'invalid_signature', () => ({ body, signature: [''] })],
  ['with a forged one', 401, 'invalid_signature', () => delivery({ v1: forged })],
  ['with one of another secret', 401, 'invalid_signature', () => delivery({ secret: 'wrong' })],
  ['with one of another body', 401, 'invalid_signature', () => delivery({ body: newEvent(), v1 })],
  ['181 s old', 401, 'invalid_signature', () => delivery({ t: Date.now() - 181_000 })],
  ['181 s ahead', 401, 'invalid_signature', () => delivery({ t: Date.now() + 181_000 })],
  ['with t in seconds', 401, 'invalid_signature', () => delivery({ t: Math.floor(t / 1_000) })],
  ['with t=abc', 401, 'invalid_signature', () => delivery({ t: 'abc' })],
  ['with a fraction in t', 401, 'invalid_signature', () => delivery({ t: `${Date.now()}.5` })],
  ['with a sign before t', 401, 'invalid_signature', () => delivery({ t: `+${Date.now()}` })],
  [
    'with t in hex',
    401,
    'invalid_signature',
    () => delivery({ t: `0x${Date.now().toString(16)}` }),
  ],
  [
    'with two t',
    401,
    'invalid_signature',
    () => ({ body, signature: [`t=${t}, t=${t + 1}, v1=${sign(body, NEW, t)}`] }),
  ],
  ['without a t', 401, 'invalid_signature', () => ({ body, signature: [`v1=${v1}`] })],
  ['without a v1', 401, 'invalid_signature', () => ({ body, signature: [`t=${t}`] })],
  ['with a v1 cut short', 401, 'invalid_signature', () => delivery({ v1: v1.slice(0, 62) })],
  ['with a v1 that goes on', 401, 'invalid_signature', () => delivery({ v1: `${v1}00` })],
  [
    'with nine v1, the last of them good',
    401,
    'invalid_signature',
    () => ({
      body,
      signature: [`t=${t}, ${`v1=${forged}, `.repeat(8)}v1=${sign(body, NEW, t)}`],
    }),
  ],
  [
    'with a good v0 only',
    401,
    'invalid_signature',
    () => ({ body, signature: [`t=${t}, v0=${sign(body, NEW, t)}`] }),
  ],
  [
    'written anew as other JSON',
    401,
    'invalid_signature',
    () => ({ ...delivery({ body }), body: JSON.stringify(JSON.parse(body), null, 1) }),
  ],
  [
    'with two signature headers',
    400,
    'duplicate_header',
    () => ({ body, signature: [`t=${t}, v1=${sign(body, NEW, t)}`, `t=${t}, v1=${forged}`] }),
  ],
  ['with a byte order mark', 400, 'malformed_request', () => delivery({ body: `\uFEFF${body}` })],
  [
    'that is not UTF-8',
    400,
    'malformed_request',
    () => delivery({ body: Buffer.from(newEvent({ data: { name: 'ä' } }), 'latin1') }),
  ],
  [
    'that says a name twice',
    400,
    'malformed_request',
    () => delivery({ body: newEvent().replace('{"id"', '{"id":"event_other","id"') }),
  ],
  ['that is not JSON', 400, 'malformed_request', () => delivery({ body: 'id=1' })],
  ['that is empty', 400, 'malformed_request', () => delivery({ body: '' })],
  [
    'of more than 1 MB',
    413,
    'payload_too_large',
    () => delivery({ body: newEvent({ data: { name: 'x'.repeat(2 ** 20) } }) }),
  ],
  [
    'compressed',
    415,
    'unsupported_media_type',
    () => ({ ...delivery({ body: gzipSync(body) }), headers: { 'content-encoding': 'gzip' } }),
  ],
  [
    'of another media type',
    415,
    'unsupported_media_type',
    () => ({ ...delivery(), headers: { 'content-type': 'text/plain' } }),
  ],
];

/** Signed, and no event: WorkOS would only send the same again. */
const SET_ASIDE: readonly (readonly [string, string, () => Delivery])[] = [
  ['that is a list', 'body', () => delivery({ body: `[${newEvent()}]` })],
  ['without an id', 'id', () => delivery({ body: newEvent({ id: undefined }) })],
  [
    'of no time there is',
    'created_at',
    () => delivery({ body: newEvent({ created_at: '2030-02-31T00:00:00Z' }) }),
  ],
  [
    'of a leap second',
    'created_at',
    () => delivery({ body: newEvent({ created_at: '2030-06-30T23:59:60Z' }) }),
  ],
];

describe('receiveWebhook', () => {
  it.each(SET_ASIDE)('sets one aside %s', async (_what, field, make) => {
    const before = (await rows()).length;
    const odd = make();

    const answers = [await deliver(odd), await deliver(odd)];

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await rows()).toHaveLength(before);
    const kept = await gatehouse.database.superuser<{ reason: string; raw: Buffer }>(
      'select reason, raw from unreadable_events order by received_at desc',
    );
    const same = kept.filter(({ raw }) => raw.equals(Buffer.from(odd.body)));
    expect(same.map(({ reason }) => reason.split(' ')[0])).toEqual([field]);
    expect(gatehouse.logs.join('')).toContain('a signed delivery could not be parsed as an event');
  });

  it.each(ACCEPTED)('takes a delivery %s', async (_what, make) => {
    const answer = await deliver(make());

    expect([answer.status, answer.json]).toEqual([200, { received: true }]);
  });

  it.each(REJECTED)('refuses one %s, and stores nothing', async (_what, status, code, make) => {
    const before = (await rows()).length;

    const answer = await deliver(make());

    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(await rows()).toHaveLength(before);
  });

  it('stores an event unchanged, once per id', async () => {
    const event = newEvent({ id: 'event_once' });

    const answers = await Promise.all(
      Array.from({ length: 30 }, () => deliver(delivery({ body: event }))),
    );
    await deliver(delivery({ body: newEvent({ id: 'event_once', event: 'other' }) }));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await rows()).filter(({ id }) => id === 'event_once')).toEqual([
      {
        id: 'event_once',
        event: 'connection.activated',
        organization_id: 'org_1',
        data: { object: 'connection', id: 'conn_1', organization_id: 'org_1', name: 'Łódź' },
        source: 'webhook',
      },
    ]);
  });

  it('does not answer 200 for an event that could not be stored', async () => {
    const { database } = gatehouse;
    await database.superuser('alter table events rename to events_away');

    try {
      expect((await deliver(delivery())).status).toBe(500);
    } finally {
      await database.superuser('alter table events_away rename to events');
    }
  });

  it('refuses every delivery if no secret is set, and names the setting', async () => {
    const closed = await startTestApp();
    const stranger = createCaller(closed.url);
    const good = delivery();

    const answer = await stranger.send({
      method: 'POST',
      path: '/webhooks/workos',
      headers: { 'content-type': 'application/json', 'workos-signature': good.signature[0] ?? '' },
      body: good.body,
    });

    expect([answer.status, answer.json.code]).toEqual([401, 'invalid_signature']);
    expect(answer.json.detail).toContain('WORKOS_WEBHOOK_SECRETS is not set');
    expect(await closed.database.superuser('select id from events')).toEqual([]);
    await stranger.close();
    await closed.stop();
  });
});
