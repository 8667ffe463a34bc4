/** Connections that are only held open make way for new ones. */
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it } from '@jest/globals';
import { listen, type HttpServer } from '../../src/http/server.ts';
import { openRaw } from '../support/raw.ts';
import { waitFor } from '../support/wait-for.ts';

const LIMIT = 5;
const REQUEST = 'GET / HTTP/1.1\r\nHost: gatehouse\r\n\r\n';

let server: HttpServer;
const answer: (() => void)[] = [];
const responses: WeakRef<ServerResponse>[] = [];
afterEach(async () => {
  answer.length = 0;
  responses.length = 0;
  await server.close();
});

async function start() {
  server = await listen(
    (req, res) => {
      responses.push(new WeakRef(res));
      if (req.url === '/slow') answer.push(() => res.end('late'));
      // Leaves one response open, always.
      else if (req.url === '/after-the-next') answer.splice(0, 1, () => res.end('done'))[0]?.();
      else res.end('done');
    },
    0,
    '127.0.0.1',
    'https://gatehouse.example.com',
    LIMIT,
  );
  return `http://127.0.0.1:${server.port}`;
}

it('the oldest connection without a request makes way, then the oldest idle one, never one that waits', async () => {
  const url = await start();
  const idle = await openRaw(url);
  idle.socket.write(REQUEST);
  await idle.saw('done');
  const waiting = await openRaw(url);
  waiting.socket.write(REQUEST.replace('/ ', '/slow '));
  await waitFor(() => answer.length === 1, { what: 'the slow request' });
  const silent = [await openRaw(url), await openRaw(url), await openRaw(url)];

  for (let n = 0; n < 6; n += 1) {
    const honest = await openRaw(url);
    honest.socket.write(REQUEST);
    await honest.saw('done');
    expect(server.connections()).toBeLessThanOrEqual(LIMIT);
  }

  for (const one of silent) expect((await one.ended(1_000)).closed).toBe(true);
  expect((await idle.ended(1_000)).closed).toBe(true);
  answer[0]?.();
  await waiting.saw('late');
  expect(waiting.text()).toContain('200 OK');
  waiting.socket.destroy();
});

it('a connection that is never without an open request keeps no response that was sent', async () => {
  const busy = await openRaw(await start());
  for (let n = 0; n < 40; n += 1) busy.socket.write(REQUEST.replace('/ ', '/after-the-next '));
  await waitFor(() => busy.text().split('200 OK').length === 40, { what: 'all replies but one' });

  expect(responses).toHaveLength(40);
  await collectGarbage();
  expect(responses.filter((response) => response.deref()).length).toBeLessThan(10);
  busy.socket.destroy();
});

/** In a task of its own: what a WeakRef returned is kept until the current one ends. */
async function collectGarbage(): Promise<void> {
  await setImmediate();
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
