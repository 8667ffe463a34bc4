import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { RETRY_AFTER_SECONDS, retryAfter } from '../../../src/webhooks/delivery/retry-schedule.ts';
import { waitFor } from '../../support/wait-for.ts';
import {
  gatehouse,
  client,
  receiver,
  jobs,
  outcomes,
  deliver,
  endpoint,
  activated,
  happen,
  stateOf,
  settled,
  header,
  standardHeaders,
  jobsLeft,
  useDeliveries,
} from '../../webhooks/deliveries-setup.ts';
import { within } from '../../support/within.ts';

useDeliveries();

const answerAfter = (done: PromiseLike<unknown>, res: ServerResponse, status: number): void => {
  done.then(
    () => res.writeHead(status).end(),
    () => res.destroy(),
  );
};

describe('a failed attempt', () => {
  it('is retried with the same id and body, and a new signature', async () => {
    const to = await endpoint();
    const event = activated();
    receiver.answer = (_one, res) => res.writeHead(receiver.received.length < 3 ? 503 : 200).end();
    deliver({ schedule: [1.2, 1.2] });

    await happen(event);
    await waitFor(async () => (await stateOf(to, event)) === 'delivered', { withinMs: 10_000 });

    const { received } = receiver;
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(Array(3).fill(event.id));
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    const times = received.map((one) => Number(header(one, 'webhook-timestamp')));
    expect(new Set(times).size).toBe(3);
    for (const one of received) {
      expect(Math.abs(Number(header(one, 'webhook-timestamp')) * 1_000 - one.at)).toBeLessThan(
        2_000,
      );
      new Webhook(to.secret).verify(one.body, standardHeaders(one));
    }
  });

  it('is retried until the schedule ends, and then given up', async () => {
    const to = await endpoint();
    const event = activated();
    receiver.answer = (_one, res) => res.writeHead(500).end();
    deliver({ schedule: [0, 0] });

    await happen(event);
    await settled(to, event, 'failed');

    expect(outcomes).toEqual(['refused', 'refused', 'refused']);
    expect(await jobsLeft()).toBe(0);
  });

  it('is retried for three days, at first soon, with jitter', () => {
    const longest = RETRY_AFTER_SECONDS.map((_, at) => retryAfter(at, undefined, () => 1) ?? 0);
    const shortest = RETRY_AFTER_SECONDS.map((_, at) => retryAfter(at, undefined, () => 0) ?? 0);
    const days = (seconds: readonly number[]) => seconds.reduce((sum, one) => sum + one) / 86_400;

    expect(RETRY_AFTER_SECONDS.slice(0, 4)).toEqual([5, 60, 300, 1_800]);
    expect(days(RETRY_AFTER_SECONDS)).toBeCloseTo(2.9, 1);
    expect([days(shortest), days(longest)].map((one) => one.toFixed(1))).toEqual(['2.6', '3.2']);
    expect(retryAfter(RETRY_AFTER_SECONDS.length)).toBeUndefined();
  });

  it.each([301, 302, 303, 307, 308])(
    'includes the answer %s, which is not followed',
    async (status) => {
      const to = await endpoint();
      const event = activated();
      receiver.answer = (_one, res) =>
        res.writeHead(status, { location: `${receiver.url}/elsewhere` }).end();
      deliver({ schedule: [] });

      await happen(event);
      await settled(to, event, 'failed');

      expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
      expect(outcomes).toEqual(['redirected']);
    },
  );

  it('with 410 disables the endpoint', async () => {
    const to = await endpoint();
    const [event, next] = [activated(), activated()];
    receiver.answer = (_one, res) => res.writeHead(410).end();
    deliver();

    await happen(event);
    await settled(to, event, 'failed');
    await happen(next);

    const [row] = await gatehouse.database.superuser(
      'select status, disabled_reason from webhook_endpoints where id = $1',
      [to.id],
    );
    expect(row).toEqual({ status: 'disabled', disabled_reason: 'gone' });
    expect(outcomes).toEqual(['gone']);
    expect(await stateOf(to, next)).toBeUndefined();
  });

  it('with 410 from a URL that was replaced meanwhile disables nothing, and the event goes to the new URL', async () => {
    const to = await endpoint('/old');
    const event = activated();
    receiver.answer = ({ path }, res) => {
      if (path !== '/old') {
        res.end();
        return;
      }
      const moved = gatehouse
        .as(client)
        .patch(`/webhook_endpoints/${to.id}`)
        .send({ endpoint_url: `${receiver.url}/new` });
      answerAfter(moved, res, 410);
    };
    deliver();

    await happen(event);
    await settled(to, event, 'delivered');

    expect(receiver.received.map(({ path }) => path)).toEqual(['/old', '/new']);
    expect(outcomes).toEqual(['gone', 'delivered']);
    const [row] = await gatehouse.database.superuser(
      'select status, disabled_reason from webhook_endpoints where id = $1',
      [to.id],
    );
    expect(row).toEqual({ status: 'enabled', disabled_reason: null });
  });

  it('that ends after another attempt delivered the event changes nothing', async () => {
    const to = await endpoint();
    const event = activated();
    receiver.answer = (_one, res) => {
      const delivered = gatehouse.database.superuser(
        `update webhook_messages set state = 'delivered' where endpoint_id = $1`,
        [to.id],
      );
      answerAfter(delivered, res, 500);
    };
    deliver();

    await happen(event);
    await waitFor(() => outcomes.length > 0, { what: 'an attempt' });
    await waitFor(async () => (await jobs.backlog()).waiting === 0, { what: 'the end of its job' });

    expect(outcomes).toEqual(['refused']);
    expect(await stateOf(to, event)).toBe('delivered');
  });

  it.each([
    ['says nothing', () => undefined],
    [
      'begins an answer that never ends',
      (_one: unknown, res: ServerResponse) => res.socket?.write('HTTP/1.1 200 OK\r\nX-'),
    ],
  ])('includes an endpoint that %s in time', async (_what, answer) => {
    const to = await endpoint();
    const event = activated();
    receiver.answer = answer;
    deliver({ schedule: [], timeoutMs: 300 });

    await happen(event);
    await settled(to, event, 'failed');

    expect(outcomes).toEqual(['timeout']);
  });

  it('does not include an endless answer: its status is enough', async () => {
    const to = await endpoint();
    const event = activated();
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    receiver.answer = (_one, res) => {
      const more = () => {
        for (sent += chunk.length; res.write(chunk) && sent < 2 ** 28; sent += chunk.length);
      };
      res.on('drain', more).writeHead(200);
      more();
    };
    deliver();

    await happen(event);
    await settled(to, event, 'delivered');

    expect(sent).toBeLessThan(2 ** 24);
  });

  it('is repeated when the process died during the attempt', async () => {
    const to = await endpoint();
    const event = activated();
    await happen(event);
    const [taken] = await jobs.fetch(1, 8, []);
    await gatehouse.database.superuser(
      `update pgboss.job set started_on = now() - interval '2 minutes' where id = $1`,
      [taken?.id],
    );

    deliver();
    await waitFor(async () => (await stateOf(to, event)) === 'delivered', { withinMs: 15_000 });

    expect(receiver.received).toHaveLength(1);
  });
});

describe('one endpoint', () => {
  it('that is slow does not delay another one, however long its backlog is', async () => {
    const slow = await endpoint('/slow', { events: ['user.created', 'connection.activated'] });
    const backlog = Array.from({ length: 200 }, () => activated());
    receiver.answer = (one, res) => (one.path === '/slow' ? undefined : res.end());
    await happen(...backlog);
    deliver({ timeoutMs: 60_000 });
    await waitFor(() => receiver.on('/slow').length === 8);

    const quick = await endpoint('/quick');
    const events = Array.from({ length: 50 }, () => activated());
    const began = performance.now();
    await happen(...events);
    await waitFor(() => receiver.on('/quick').length === 50);

    expect(performance.now() - began).toBeLessThan(within(5_000));
    expect(receiver.on('/slow')).toHaveLength(8);
    expect(await stateOf(quick, events[0] ?? activated())).toBe('delivered');
    expect(await stateOf(slow, events[0] ?? activated())).toBe('pending');
    receiver.answer = (_one, res) => res.end();
    await receiver.stop();
  });

  it('gets each event once from any number of processes', async () => {
    await endpoint();
    const events = Array.from({ length: 100 }, () => activated());
    deliver();
    deliver();
    deliver();

    await happen(...events);
    await waitFor(() => outcomes.length === 100, { withinMs: 10_000 });

    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids.sort()).toEqual(events.map(({ id }) => id).sort());
  });
});

describe('an endpoint that nothing is sent to', () => {
  /** [what, the stored URL, what its name leads to] */
  const HOSTILE: readonly (readonly [string, string, readonly string[]])[] = [
    ['an origin that is no longer allowed', 'https://evil.example/', []],
    ['an address of the link', 'http://169.254.169.254/latest/meta-data/', []],
    ['that address as a number', 'http://2852039166/', []],
    ['that address in hexadecimal', 'http://0xa9.0xfe.0xa9.0xfe/', []],
    ['that address in IPv6', 'http://[::ffff:169.254.169.254]/', []],
    ['the unspecified address', 'http://0.0.0.0:PORT/', []],
    ['the unspecified address of IPv6', 'http://[::]:PORT/', []],
    ['a neighbour of IPv6', 'http://[fe80::1]/', []],
    ['everybody', 'http://255.255.255.255/', []],
    ['a group', 'http://224.0.0.1/', []],
    ['the loopback of IPv6, mapped', 'http://[::ffff:127.0.0.1]:PORT/', []],
    ...[
      '169.254.169.254',
      '169.254.170.2',
      '0.0.0.0',
      '127.0.0.1',
      '127.8.8.8',
      '224.0.0.251',
      '239.255.255.250',
      '255.255.255.255',
      '240.0.0.1',
      '100.100.100.200',
      '168.63.129.16',
      '::',
      '::1',
      'fe80::1',
      'febf::1',
      'ff02::1',
      'fd00:ec2::254',
      '::ffff:169.254.169.254',
      '::ffff:127.0.0.1',
      '64:ff9b::a9fe:a9fe',
      '2002:a9fe:a9fe::1',
    ].map((address) => [`a name for ${address}`, 'http://rebound.svc:PORT/', [address]] as const),
    ['a name for a good and a bad address', 'http://two.svc:PORT/', ['10.0.0.1', '127.0.0.1']],
    ['a name that is none', 'http://none.svc:PORT/', []],
  ];

  it.each(HOSTILE)('is %s (%s %j)', async (_what, url, addresses) => {
    const to = await endpoint();
    const event = activated();
    const stored = url.replace('PORT', new URL(receiver.url).port);
    await gatehouse.database.superuser(
      'update webhook_endpoints set endpoint_url = $2 where id = $1',
      [to.id, stored],
    );
    deliver({
      schedule: [],
      // But for the first, the setting even names it.
      origins: url.includes('evil') ? [] : [`http://${new URL(stored).hostname}:*`],
      resolve: (_hostname, done) =>
        done(
          addresses.length > 0 ? null : Object.assign(new Error('none'), { code: 'ENOTFOUND' }),
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
    });

    await happen(event);
    await settled(to, event, 'failed');

    expect(receiver.connections()).toBe(0);
    expect(outcomes).toEqual([
      url.includes('.svc')
        ? addresses.length > 0
          ? 'address_refused'
          : 'name_not_resolved'
        : 'url_refused',
    ]);
  });

  it('resolves the address once, and connects to that address', async () => {
    const to = await endpoint(`http://orders.svc:${new URL(receiver.url).port}/hook`);
    const event = activated();
    let asked = 0;
    deliver({
      schedule: [],
      resolve: (_hostname, done) => {
        asked += 1;
        done(null, [{ address: asked === 1 ? '10.255.255.1' : '127.0.0.1', family: 4 }]);
      },
      timeoutMs: 500,
    });

    await happen(event);
    await settled(to, event, 'failed');

    expect(asked).toBe(1);
    expect(receiver.connections()).toBe(0);
  });
});
