/** A call to WorkOS whose caller leaves ends on the wire, and says nothing about WorkOS. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runAs } from '../../src/core/caller.ts';
import { Cancellation, Cancelled } from '../../src/core/cancellation.ts';
import { Secret } from '../../src/core/secret.ts';
import { createUpstream, type Upstream } from '../../src/workos/upstream.ts';
import { waitFor } from '../support/wait-for.ts';

let server: Server;
let upstream: Upstream;
let open = 0;
let isSilent = true;
const outcomes: (string | undefined)[] = [];

beforeAll(async () => {
  server = createServer((_req, res) => {
    open += 1;
    res.once('close', () => (open -= 1));
    if (!isSilent) res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  upstream = createUpstream({
    baseUrl: new URL(`http://127.0.0.1:${port}`),
    apiKey: new Secret('sk_test_1'),
    clientId: 'client_1',
    onAttempt: (_group, failure) => void outcomes.push(failure?.name),
  });
});
afterAll(async () => {
  await upstream.close();
  server.close();
});

it('forty abandoned calls close their connections and leave the circuit breaker closed', async () => {
  const call = () =>
    upstream.call({ class: 'users', repeatable: true }, (workos) => workos.get<unknown>('/users'));
  const callers = Array.from({ length: 40 }, () => new Cancellation());
  const calls = Promise.allSettled(
    callers.map((cancellation) =>
      runAs({ clientId: undefined, priority: 'login', cancellation }, call),
    ),
  );
  await waitFor(() => open === 40);
  for (const caller of callers) caller.cancel();
  const results = await calls;

  expect(results.every((one) => one.status === 'rejected' && one.reason instanceof Cancelled)).toBe(
    true,
  );
  await waitFor(() => open === 0, { what: 'the connections to close' });
  expect(outcomes).toEqual(Array(40).fill('Cancelled'));
  isSilent = false;
  await expect(call()).resolves.toMatchObject({ data: {} });
});
