/** Bodies that never end cost little memory and shut nobody out. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openRaw, type RawSocket } from '../support/raw.ts';
import { connect, exchange, grant, REDIRECT_URI, signIn } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const MB = 1024 * 1024;

const gatehouse = useGatehouse({ env: { WORKOS_WEBHOOK_SECRETS: 'a-secret-of-a-webhook' } });
let client: TestClient;
const sockets: RawSocket[] = [];

beforeAll(async () => {
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
});
afterAll(() => {
  for (const { socket } of sockets) socket.destroy();
});

const head = (path: string, length: number, headers: string) =>
  `POST ${path} HTTP/1.1\r\nHost: gatehouse\r\nContent-Type: application/json\r\n` +
  `Content-Length: ${length}\r\n${headers}\r\n`;

async function sendHalf(count: number, path: string, length: number, headers = '') {
  const opened = await Promise.all(Array.from({ length: count }, () => openRaw(gatehouse.url)));
  sockets.push(...opened);
  // The senders are in this process too: they share one body, so that what grows is the gateway.
  const body = Buffer.alloc(length - 1, 32);
  for (const { socket } of opened) {
    socket.write(head(path, length, headers));
    socket.write(body);
  }
  return opened;
}

const signIns = async (): Promise<number[]> => {
  const statuses: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    const { code } = await signIn(gatehouse, client, { query: { organization: 'acme' } });
    statuses.push((await exchange(gatehouse, grant(client, code))).status);
  }
  return statuses;
};

it.each([
  ['deliveries that only look signed', '/webhooks/workos', MB, () => signature()],
  ['token requests', '/sso/token', 64 * 1024, () => ''],
  ['requests of one client', '/v1/portal-launches', 64 * 1024, () => bearer()],
])('400 half-sent %s cost less than 100 MB, and logins go on', async (_what, path, length, of) => {
  await signIns();
  const before = process.memoryUsage.rss();

  await sendHalf(400, path, length, of());
  const statuses = await signIns();

  expect(statuses).toEqual([200, 200, 200, 200, 200]);
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * MB);
  for (const { socket } of sockets.splice(0)) socket.destroy();
});

it('a delivery is refused before its body is read if its signature cannot be right', async () => {
  const old = `WorkOS-Signature: t=1600000000000, v1=${'a'.repeat(64)}\r\n`;
  const raw = await openRaw(gatehouse.url);
  raw.socket.write(head('/webhooks/workos', MB, old));

  await raw.saw('401 Unauthorized');
  raw.socket.destroy();
});

const signature = () => `WorkOS-Signature: t=${Date.now()}, v1=${'a'.repeat(64)}\r\n`;
const bearer = () => `Authorization: Bearer ${client.key}\r\n`;
