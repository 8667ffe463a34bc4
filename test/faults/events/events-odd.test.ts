/** Events that are not as WorkOS describes them, by both doors, with two workers: told, and in nobody's way. */
import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { webhookRequest } from '../../../src/dev/fake-workos/events/webhook-attempts.ts';
import { startWorker, type Worker } from '../../../src/process/worker.ts';
import { organizationOf } from '../../support/sign-in.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';
import { workosEvent } from '../../support/workos-events.ts';
import { waitFor } from '../../support/wait-for.ts';

const SECRET = 'secret-of-odd-events';

let gatehouse: TestApp;
let workers: Worker[];
let organizationId: string;
const lines: string[] = [];
beforeAll(async () => {
  gatehouse = await startTestApp({ env: { WORKOS_WEBHOOK_SECRETS: SECRET } });
  await gatehouse.provision('acme');
  organizationId = await organizationOf(gatehouse, 'acme');
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const logger = pino({ level: 'warn' }, sink);
  workers = await Promise.all([1, 2].map(() => startWorker(gatehouse.config, logger)));
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await gatehouse.stop();
});

const deliver = async (event: ReturnType<typeof workosEvent>) => {
  const { body, headers } = webhookRequest(event, SECRET);
  const url = `${gatehouse.url}/webhooks/workos`;
  return (await fetch(url, { method: 'POST', headers, body })).status;
};
const connection = (fields: object = {}) => ({
  object: 'connection',
  id: 'conn_odd',
  organization_id: organizationId,
  connection_type: 'OktaSAML',
  name: 'Okta',
  state: 'active',
  updated_at: new Date().toISOString(),
  ...fields,
});
const placed = (ids: readonly string[]) =>
  waitFor(
    async () => {
      const rows = await gatehouse.database.superuser<{ tenant_id: string }>(
        'select tenant_id from events where id = any($1) and position is not null',
        [ids],
      );
      return rows.length === ids.length && rows.map((row) => row.tenant_id);
    },
    { withinMs: 15_000 },
  );
const counted = async () => {
  const texts = await Promise.all(
    workers.map(async ({ adminPort }) =>
      (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text(),
    ),
  );
  const counts = texts.flatMap((text) =>
    [...text.matchAll(/^gatehouse_events_odd_total\{.*\} (\d+)$/gm)].map(([, n]) => Number(n)),
  );
  return counts.reduce((sum, n) => sum + n, 0);
};

const ODD: readonly (readonly [string, object, RegExp])[] = [
  ['connection.activated', { updated_at: null }, /^data\.updated_at: /],
  ['connection.activated', { updated_at: 'soon' }, /^data\.updated_at: /],
  ['connection.deactivated', { id: 7, name: ['Okta'] }, /^data\.id: .*; data\.name: /],
  ['connection.deleted', { id: null }, /^data\.id: /],
  ['connection.activated', { id: randomBytes(4_000).toString('hex') }, /^data\.id: /],
  ['dsync.activated', { type: undefined }, /^data\.type: /],
  ['organization_domain.verified', { domain: { a: 1 } }, /^data\.domain: /],
  ['organization_domain.verification_failed', {}, /^data\.organization_domain: /],
  ['connection.saml_certificate_renewed', { certificate: null }, /^data\.connection: /],
  [
    'connection.saml_certificate_renewed',
    {
      connection: { id: 'conn_1' },
      certificate: {
        certificate_type: randomBytes(4_000).toString('hex'),
        expiry_date: '2030-01-01T00:00:00Z',
      },
    },
    /^data\.certificate\.certificate_type: /,
  ],
  ['authentication.sso_succeeded', { sso: 'sso' }, /^data\.sso: /],
];

describe('an event whose data cannot be read', () => {
  it.each(['webhook', 'feed'])(
    'is told by the log and counted, and clients get it: by %s',
    async (door) => {
      const before = await counted();
      const events = ODD.map(([name, fields]) => workosEvent(name, connection(fields)));
      const ids = new Map<string, RegExp>();
      for (const [index, event] of events.entries()) {
        const { id } = door === 'feed' ? gatehouse.workos.emit(event.event, event.data) : event;
        ids.set(id, ODD[index]?.[2] ?? /^$/);
        if (door === 'webhook') expect(await deliver(event)).toBe(200);
      }

      const tenants = await placed([...ids.keys()]);

      expect(new Set(tenants)).toEqual(new Set(['acme']));
      expect((await counted()) - before).toBe(ODD.length);
      for (const [id, reason] of ids) {
        const line = lines.find((one) => one.includes(id)) ?? '{}';
        expect(JSON.parse(line)).toMatchObject({
          level: 50,
          reason: expect.stringMatching(reason),
        });
      }
    },
  );

  it('with a time in the future does not keep later events of its object out of the mirror', async () => {
    const names: unknown[] = [];
    for (const [name, updated_at] of [
      ['Ahead', '9000-01-01T00:00:00Z'],
      ['Later', new Date().toISOString()],
    ] as const) {
      const event = workosEvent(
        'connection.activated',
        connection({ id: 'conn_1', name, updated_at }),
      );
      await deliver(event);
      await placed([event.id]);
      names.push(
        ...(await gatehouse.database.superuser(
          `select data->>'name' as name from mirror where id = 'conn_1'`,
        )),
      );
    }

    expect(names).toEqual([{ name: 'Ahead' }, { name: 'Later' }]);
  });
});

describe('an event id that arrives again with another body', () => {
  it('keeps the event that arrived first, by webhook or feed', async () => {
    const first = workosEvent('connection.activated', connection({ id: 'conn_first' }));
    const again = { ...first, data: connection({ id: 'conn_again' }) };

    const answers = [await deliver(first), await deliver(again)];
    await placed([first.id]);

    expect(answers).toEqual([200, 200]);
    expect(
      await gatehouse.database.superuser(`select data->>'id' as id from events where id = $1`, [
        first.id,
      ]),
    ).toEqual([{ id: 'conn_first' }]);
  });
});
