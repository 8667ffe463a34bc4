import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { describeCause } from '../../src/core/describe-cause.ts';
import { Secret } from '../../src/core/secret.ts';
import { silentProxy, type SilentProxy } from '../support/silent-proxy.ts';
import { runGatehouse } from '../support/gatehouse-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { waitFor } from '../support/wait-for.ts';

let real: TestDatabase;
let proxy: SilentProxy;
let db: Database;
beforeAll(async () => {
  [real, proxy] = await Promise.all([createTestDatabase(), silentProxy()]);
  const url = new URL(real.url);
  url.port = String(proxy.port);
  db = openDatabase({ url: new Secret(url.href), max: 10 });
});
afterAll(async () => {
  await db.close();
  await Promise.all([proxy.stop(), real.stop()]);
});

describe('a database that gives no answer', () => {
  it('is not asked for a session by each request, and serves within a second of going on', async () => {
    const refusal = await db.query('select 1').catch(describeCause);
    const seen = { refused: 0, slowestMs: 0, over: false };
    const call = async (): Promise<void> => {
      const began = performance.now();
      await db.query('select 1').catch(() => (seen.refused += 1));
      seen.slowestMs = Math.max(seen.slowestMs, performance.now() - began);
    };
    const callers = Array.from({ length: 30 }, async () => {
      while (!seen.over) await call();
    });
    // Each caller has waited five times or more.
    await waitFor(() => seen.refused >= 150, { withinMs: 30_000 });
    seen.over = true;
    await Promise.all(callers);
    const asked = proxy.connections();
    proxy.lead(Number(new URL(real.url).port));
    await waitFor(() => db.query('select 1').then(Boolean, () => false), { withinMs: 1_000 });
    const served = await Promise.all(Array.from({ length: 30 }, () => db.query('select 1')));

    // Ten at once, before it is known to be silent, perhaps ten that had queued, and a trial.
    expect(asked).toBeLessThanOrEqual(22);
    expect(seen.slowestMs).toBeLessThan(2_000);
    expect(refusal).toContain(
      `No session of 127.0.0.1:${proxy.port} could be opened (it did not answer in time)`,
    );
    expect(served).toHaveLength(30);
  });
});

describe('an operator’s command', () => {
  it('waits more than two seconds for a connection', async () => {
    const slow = await silentProxy();
    const url = new URL(real.url);
    url.port = String(slow.port);
    const command = runGatehouse(['clients', 'list', '--json'], { DATABASE_URL: url.href });
    await waitFor(() => slow.connections() > 0, { withinMs: 30_000 });
    await sleep(2_500);
    slow.lead(Number(new URL(real.url).port));

    expect(await command).toMatchObject({ code: 0, err: '' });
    await slow.stop();
  });
});
