import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { startGateway, type Gatehouse } from '../../../src/process/gateway.ts';
import { Secret } from '../../../src/core/secret.ts';
import {
  authorizePath,
  connect,
  createBrowser,
  exchange,
  grant,
  REDIRECT_URI,
} from '../../support/sign-in.ts';
import { createLaunch, openLaunchPage } from '../../support/portal-calls.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';

const newKey = () => new Secret(randomBytes(32).toString('base64'));
const [old, next] = [newKey(), newKey()];

const gatehouse = useGatehouse();
let client: TestClient;
beforeAll(async () => {
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
});

const urlOf = ({ port }: Gatehouse) => `http://127.0.0.1:${port}`;
async function replica(keys: Secret[]): Promise<Gatehouse> {
  const started = await startGateway({ ...gatehouse.config, keys }, pino({ level: 'silent' }));
  await started.ready;
  return started;
}

/** A login whose three steps are answered by the replicas named. @returns the status of the last */
async function signIn(begins: Gatehouse, returns: Gatehouse, exchanges: Gatehouse) {
  const browser = createBrowser(gatehouse);
  const started = await browser.get(authorizePath(client), { url: urlOf(begins) });
  if (!started.location)
    throw new Error(`No login began: ${started.status} ${started.text.slice(0, 300)}`);
  const back = await gatehouse.workos.signIn(started.location.href);
  const onward = await browser.get(back, { url: urlOf(returns) });
  const code = onward.location?.searchParams.get('code') ?? '';
  return (await exchange(gatehouse, grant(client, code), { url: urlOf(exchanges) })).status;
}

describe('a rotation of GATEHOUSE_KEYS while people sign in', () => {
  it.each([
    ['the new key is added last', [old], [old, next]],
    ['the new key is put first', [old, next], [next, old]],
    ['the old key is dropped', [next, old], [next]],
  ])('fails no login between two replicas while %s', async (_step, before, after) => {
    const [one, other] = await Promise.all([replica(before), replica(after)]);
    const both = [one, other];

    const statuses = await Promise.all(
      Array.from({ length: 8 }, (_, n) => {
        const [begins = one, returns = one, exchanges = one] = [n, n >> 1, n >> 2].map(
          (bits) => both[bits % 2],
        );
        return signIn(begins, returns, exchanges);
      }),
    );

    await Promise.all(both.map((each) => each.stop()));

    expect(statuses).toEqual(Array.from({ length: 8 }, () => 200));
  });

  it.each([
    ['a replica with the old key first opened', [old, next], [next, old]],
    ['a replica with the new key first opened', [next, old], [old, next]],
  ])('leads a second click to the setup page that %s', async (_case, before, after) => {
    const [one, other] = await Promise.all([replica(before), replica(after)]);
    const { ticket } = await createLaunch(gatehouse, client, { intent: 'any' });
    const query = { ticket };
    const first = await openLaunchPage(urlOf(one), query);
    const [cookie = ''] = (first.headers['set-cookie'] ?? []) as unknown as string[];
    const second = await openLaunchPage(urlOf(other), query, { cookie });

    await Promise.all([one.stop(), other.stop()]);

    expect([first.status, second.status]).toEqual([303, 303]);
    expect(second.headers.location).toBe(first.headers.location);
  });
});
