/** Connections to Postgres that break after links were released, before Postgres could say so. */
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Secret } from '../../../src/core/secret.ts';
import { startGateway, type Gatehouse } from '../../../src/process/gateway.ts';
import { createLaunch, openLaunchPage } from '../../support/portal-calls.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';
import { waitFor } from '../../support/wait-for.ts';

const gatehouse = useGatehouse();
let replica: Gatehouse;
let proxy: Server;
/** Links that were released by statements whose connections broke. */
let lost = 0;

const released = async (): Promise<number> =>
  (
    await gatehouse.database.superuser(
      'select 1 from portal_launches where redirected_at is not null',
    )
  ).length;

const succeeded = async (): Promise<number> =>
  (
    await gatehouse.database.superuser(
      `select 1 from audit_trail where operation = 'launchPortal' and outcome = 'succeeded'`,
    )
  ).length;

/** Leads to Postgres, and breaks a connection whose statement has released links. */
function startProxy(port: number): Server {
  return createServer((incoming) => {
    const outgoing = connect(port, '127.0.0.1');
    let isMute = false;
    const cut = async (): Promise<void> => {
      isMute = true;
      await waitFor(async () => (await released()) > lost);
      lost = await released();
      incoming.destroy();
    };
    incoming.on('data', (bytes) => {
      if (bytes.includes('release-launches')) cut().catch(() => incoming.destroy());
      outgoing.write(bytes);
    });
    outgoing.on('data', (bytes) => isMute || incoming.write(bytes));
    incoming.on('error', () => undefined).on('close', () => outgoing.destroy());
    outgoing.on('error', () => undefined).on('close', () => incoming.destroy());
  });
}

beforeAll(async () => {
  const url = new URL(gatehouse.database.url);
  proxy = startProxy(Number(url.port));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  url.port = String((proxy.address() as AddressInfo).port);
  const database = { ...gatehouse.config.database, url: new Secret(url.href) };
  replica = await startGateway({ ...gatehouse.config, database }, pino({ level: 'silent' }));
  await replica.ready;
});
afterAll(async () => {
  await replica.stop();
  proxy.close();
});

it('takes no link from the people for whom it was released', async () => {
  const client = await gatehouse.createClient();
  await gatehouse.provision('acme');
  const launches = await Promise.all(
    Array.from({ length: 8 }, () => createLaunch(gatehouse, client)),
  );

  const openAll = (url: string, all = launches) =>
    Promise.all(all.map(({ ticket }) => openLaunchPage(url, { ticket })));

  const answers = await openAll(`http://127.0.0.1:${replica.port}`);

  const opened = launches.filter((_, n) => answers[n]?.status === 303);
  expect(lost).toBeGreaterThan(0);
  expect(opened.length).toBe(await released());
  // The others waited behind the statement, and were never asked.
  const others = launches.filter((launch) => !opened.includes(launch));
  const again = await openAll(gatehouse.url, others);
  expect(again.map(({ status }) => status)).toEqual(others.map(() => 303));
  expect(await succeeded()).toBe(launches.length);
});
