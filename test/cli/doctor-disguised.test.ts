/** Faults that look like others: reads go on, requests are answered, and only the doctor tells what it is. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DISK_CHECK } from '../../src/cli/doctor/disk.ts';
import { explainNetwork, networkRemedy } from '../../src/cli/doctor/http.ts';
import { namesCheck } from '../../src/cli/doctor/names.ts';
import { openWorld, type World } from '../../src/cli/doctor/world.ts';
import { Secret } from '../../src/core/secret.ts';
import { packageVersion } from '../../src/core/package-files.ts';
import { settingsOf } from '../support/command-here.ts';
import { findingsOf, gatehouse, sql, useDoctor } from './doctor-setup.ts';

useDoctor();

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});
async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a proxy in front of Gatehouse', () => {
  /** Passes requests on to the gateway, perhaps without the header of the credential. */
  const proxy =
    (keeps: boolean): RequestListener =>
    (req, res) => {
      const { authorization = '' } = req.headers;
      const headers = keeps && authorization ? { authorization } : undefined;
      fetch(`${gatehouse.url}${req.url ?? ''}`, headers && { headers }).then(
        async (answer) => res.writeHead(answer.status).end(await answer.text()),
        () => res.destroy(),
      );
    };

  it('that removes Authorization is found out', async () => {
    const host = await listen(createServer(proxy(false)));

    expect(await findingsOf('public URL', { PUBLIC_URL: `http://${host}` })).toMatchObject([
      {
        level: 'fault',
        says: `what stands in front of http://${host} removes the Authorization header, so every client gets 401`,
        remedy: expect.stringMatching(/pass Authorization on/),
      },
    ]);
  });

  it('that keeps it is right', async () => {
    const host = await listen(createServer(proxy(true)));

    expect(await findingsOf('public URL', { PUBLIC_URL: `http://${host}` })).toMatchObject([
      { level: 'ok' },
    ]);
  });
});

describe('webhooks of WorkOS', () => {
  /** One received every so many seconds, the last one now. @param age how long before that WorkOS made it */
  const events = (source: string, count: number, { everySeconds = 60, age = '1 second' } = {}) =>
    sql(
      `insert into events (id, event, data, source, created_at, received_at)
       select 'event_' || $1 || n, 'connection.activated', '{}', $1, received - $4::interval, received
       from generate_series(1, $2::int) n, lateral (select now() - n * make_interval(secs => $3) as received) times`,
      [source, count, everySeconds, age],
    );
  const secrets = { WORKOS_WEBHOOK_SECRETS: 'whsec_of_before' };
  afterEach(() => sql('delete from events'));

  it('are not missed after the first start, which reads what WorkOS had before', async () => {
    await events('feed', 20, { age: '3 days' });

    expect(await findingsOf('webhook arrival', secrets)).toMatchObject([{ level: 'ok' }]);
  });

  it('are not missed when polling was quicker once, for all events of a moment', async () => {
    await events('feed', 20, { everySeconds: 0 });

    expect(await findingsOf('webhook arrival', secrets)).toMatchObject([{ level: 'ok' }]);
  });

  it('are missed when all events come by polling', async () => {
    await events('feed', 5);

    expect(await findingsOf('webhook arrival', secrets)).toMatchObject([
      {
        level: 'warning',
        says: 'the last 5 events came by polling and none by webhook',
        remedy: expect.stringMatching(/^Compare the secret .* WORKOS_WEBHOOK_SECRETS/),
      },
    ]);
    expect(await findingsOf('webhook arrival', { WORKOS_WEBHOOK_SECRETS: '' })).toMatchObject([
      { level: 'skipped' },
    ]);
  });

  it('are not missed when one of the last came by a webhook', async () => {
    await events('feed', 5);
    await events('webhook', 1);

    expect(await findingsOf('webhook arrival', secrets)).toMatchObject([{ level: 'ok' }]);
  });
});

describe('host names', () => {
  const world = (): World =>
    openWorld({ ...settingsOf(gatehouse), DATABASE_URL: 'postgres://db.internal/x' });

  it('that resolve slowly are named, which elsewhere looks like a server that does not answer', async () => {
    const slow = namesCheck(() => sleep(1_100));

    expect(await slow.run(world())).toEqual([
      {
        level: 'warning',
        says: expect.stringMatching(/^the host name db\.internal took 1\.\d s to resolve/),
        remedy: expect.stringMatching(/resolv\.conf/),
      },
    ]);
  });

  it('that resolve quickly, or not at all, are left to the other checks', async () => {
    for (const lookup of [() => Promise.resolve(), () => Promise.reject(new Error('ENOTFOUND'))])
      expect(await namesCheck(lookup).run(world())).toMatchObject({ level: 'ok' });
  });
});

describe('Postgres', () => {
  it('has space on its disk', async () => {
    expect(await findingsOf('database disk')).toMatchObject([{ level: 'ok', says: 'has space' }]);
  });

  it('whose disk is full still reads, so that only what needs space tells', async () => {
    const full = Object.assign(new Error('could not write to file'), { code: '53100' });
    const database = () => Promise.resolve({ transaction: () => Promise.reject(full) });

    expect(await DISK_CHECK.run({ database } as unknown as World)).toMatchObject({
      level: 'fault',
      says: 'the disk of Postgres is full, so nothing can be written',
    });
  });

  it('whose role may not use its disk for queries is not called full', async () => {
    const limited = Object.assign(new Error('temporary file size exceeds temp_file_limit'), {
      code: '53400',
    });
    const database = () => Promise.resolve({ transaction: () => Promise.reject(limited) });

    await expect(DISK_CHECK.run({ database } as unknown as World)).rejects.toThrow(
      'temp_file_limit is too low',
    );
  });

  it('has sessions of one release, or of several after a roll-out that was not finished', async () => {
    await gatehouse.database.db.ping();
    expect(await findingsOf('releases')).toMatchObject([
      { level: 'ok', says: `all processes run ${packageVersion()}` },
    ]);

    const other = new pg.Client({
      connectionString: gatehouse.database.url,
      application_name: 'gatehouse-probe 99.0.0',
    });
    await other.connect();
    const findings = await findingsOf('releases');
    await other.end();

    expect(findings).toMatchObject([
      {
        level: 'warning',
        says: `processes of 2 releases run: ${packageVersion()}, 99.0.0`,
        remedy: expect.stringMatching(/^Finish the roll-out/),
      },
    ]);
  });
});

describe('the network', () => {
  it('with an expired certificate asks for the clock and for whoever renews it, not for an authority', () => {
    const error = Object.assign(new Error(), { code: 'CERT_HAS_EXPIRED' });

    expect(networkRemedy(new URL('https://api.workos.com'), error)).toBe(
      'Compare `date -u` with another clock. If this one is right, whoever runs api.workos.com, or the proxy that answers for it, must renew its certificate.',
    );
  });

  it('behind a proxy has the proxy corrected', () => {
    const error = Object.assign(new Error(), { code: 'UND_ERR_CONNECT_TIMEOUT' });
    const proxies = { https: new Secret('http://proxy:3128'), except: [] };

    expect(networkRemedy(new URL('https://id.example.com'), error, proxies)).toBe(
      'Correct HTTPS_PROXY, HTTP_PROXY and NO_PROXY.',
    );
  });

  it('explains a timeout of a socket, and of one that has no code', () => {
    const withCode = Object.assign(new Error(), { code: 'ETIMEDOUT' });

    expect(explainNetwork(withCode)).toBe('no answer in time (ETIMEDOUT)');
    expect(explainNetwork(new Error('connect ETIMEDOUT'))).toBe('no answer in time');
  });

  it('names a timeout by its name and not by a number', () => {
    expect(explainNetwork(new DOMException('late', 'TimeoutError'))).toBe(
      'no answer in time (TimeoutError)',
    );
  });
});
