import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createFrame } from '../../src/console/frame.ts';
import { send } from '../../src/console/reply.ts';
import { createRouter } from '../../src/console/router.ts';

const visitor = { id: 'cs_1', operator: 'ada', expiresAt: new Date(), formToken: 'x' };

/** A file that is larger than any test reads. Timers run in between, so that a test fails rather than hangs. */
async function* endless() {
  for (let piece = 0; piece < 2_000; piece += 1)
    yield await new Promise<string>((resolve) => setImmediate(resolve, 'x'.repeat(65_536)));
}

function routerOf({ isOpen = true } = {}) {
  const file = { path: '/f', name: 'file', fileName: 'f', type: 'text/csv', write: endless };
  const session = { isOpen };
  const router = createRouter({
    frame: createFrame({ brandColor: '#000000', nav: [] }),
    audit: { record: () => Promise.resolve(), recordIn: () => Promise.resolve() },
    nav: [],
    pages: [],
    files: [file],
    acts: [],
    isOpen: () => Promise.resolve(session.isOpen),
  } as unknown as Parameters<typeof createRouter>[0]);
  return { session, show: () => router.show('/f', new URLSearchParams(), visitor) };
}

describe('exports', () => {
  it('are two at once, however close they begin, and the place of one that is done is free', async () => {
    const { show } = routerOf();
    const replies = await Promise.all(Array.from({ length: 6 }, show));

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 503, 503, 503, 503]);
    replies[0]?.done?.();
    replies[0]?.done?.();
    expect([(await show()).status, (await show()).status]).toEqual([200, 503]);
  });

  it('break off when the session has ended', async () => {
    const { show, session } = routerOf();
    const { body } = await show();
    const pieces = (body as AsyncIterable<string>)[Symbol.asyncIterator]();
    expect((await pieces.next()).done).toBe(false);

    session.isOpen = false;

    await expect(pieces.next()).rejects.toThrow('The session has ended.');
  });
});

describe('a file', () => {
  const ends: (() => void)[] = [];
  /** Also after a test that failed: an open connection would keep the test process from ending. */
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });

  /** Sends an endless file to a client that reads nothing. */
  async function sendTo(method: string, stalledMs: number) {
    const { promise: done, resolve } = Promise.withResolvers<undefined>();
    const { promise: error, resolve: fail } = Promise.withResolvers<unknown>();
    const server = createServer((req, res) => {
      const reply = {
        status: 200,
        headers: {},
        body: endless(),
        done: () => {
          resolve(undefined);
        },
      };
      send(req, res, reply, stalledMs).catch(fail);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = request({ port: (server.address() as AddressInfo).port, method }).end();
    const end = () => {
      client.destroy();
      server.close();
    };
    ends.push(end);
    client.on('error', () => undefined);
    const [res] = (await once(client, 'response')) as [IncomingMessage];
    res.on('error', () => undefined);
    return { done, error, res, end };
  }

  it('breaks off when its reader takes nothing for long', async () => {
    const { done, error } = await sendTo('GET', 200);
    await done;

    expect(await error).toMatchObject({ name: 'AbortError' });
  });

  it('breaks off when its reader takes only a little at a time', async () => {
    const { done, error, res } = await sendTo('GET', 300);
    const sips = setInterval(() => {
      res.read(16);
    }, 20);
    ends.push(() => {
      clearInterval(sips);
    });
    await done;

    expect(await error).toMatchObject({ name: 'AbortError' });
  });

  it('breaks off when its reader leaves', async () => {
    const { done, error, end } = await sendTo('GET', 600_000);
    end();
    await done;

    expect(await error).toMatchObject({ name: 'AbortError' });
  });

  it('is not written for HEAD, which gives its place back', async () => {
    const { done } = await sendTo('HEAD', 600_000);

    await expect(done).resolves.toBeUndefined();
  });
});
