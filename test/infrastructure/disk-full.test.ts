import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newDirectory, startFaultWorld, type FaultWorld } from '../support/fault-world.ts';
import { runGatehouse, serve, type Server } from '../support/gatehouse-process.ts';
import { startDebianPostgres } from '../support/infrastructure/debian-postgres.ts';
import { prepareTenant, tell } from '../support/infrastructure/traffic.ts';
import { waitFor, waitForAnswer } from '../support/wait-for.ts';
import { within } from '../support/within.ts';

const disk = newDirectory();
const ballast = join(disk, 'ballast');
let world: FaultWorld;
let server: Server;

beforeAll(async () => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128m,mode=755', 'tmpfs', disk]);
  // Small segments, so that the log asks the disk for space within a few requests.
  world = await startFaultWorld(() =>
    startDebianPostgres(join(disk, 'data'), ['min_wal_size=32MB', 'max_wal_size=32MB']),
  );
  server = await serve(world.env);
  await server.ready();
  await prepareTenant(world, server.url);
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  await world.stop();
});

const put = (id: string) => world.call(server.url, 'PUT', `/v1/tenants/${id}`, { name: id });
const generateLink = () =>
  world.call(server.url, 'POST', '/portal/generate_link', { organization: 'acme', intent: 'sso' });

/** Uses up what is left of the disk, in blocks of Postgres's size. */
function fill(): void {
  try {
    writeFileSync(ballast, Buffer.alloc(256 * 1024 * 1024));
  } catch {
    // No space left on device: it is full.
  }
}

describe('a full disk', () => {
  it('answers 503, mints no link without its audit row, and goes on when there is space again', async () => {
    const { pid } = server.child;
    fill();
    let n = 0;
    const refused = await waitForAnswer(
      () => put(`full-${(n += 1)}`),
      ({ status }) => status === 503,
      60_000,
      1,
    );
    const links = await Promise.all(Array.from({ length: 20 }, generateLink));
    const live = await fetch(`${server.adminUrl}/livez`);
    const doctor = await runGatehouse(['doctor'], world.env);

    rmSync(ballast);
    const recovering = performance.now();
    await waitFor(async () => (await generateLink()).status === 201, {
      withinMs: within(30_000),
      what: 'recovery',
    });
    const recovered = performance.now();
    const released = links.filter(({ status }) => status === 201);

    expect(['dependency_unavailable', 'provisioning_incomplete']).toContain(refused.code);
    expect(doctor.out).toMatch(/^fault +database disk +the disk of Postgres is full/m);
    expect(refused.retryAfter).toMatch(/^\d+$/);
    expect(
      links.map(({ status }) => status).filter((status) => ![201, 503].includes(status)),
    ).toEqual([]);
    expect([live.status, server.child.pid, server.child.exitCode]).toEqual([200, pid, null]);
    tell('disk full', {
      writesUntilFull: n,
      links: released.length,
      recoveryMs: recovered - recovering,
    });
    const [row] = await world.superuser<{ count: number }>(
      `select count(*)::int as count from audit_trail
       where operation = 'generatePortalLink' and outcome = 'succeeded'`,
    );
    expect(row?.count).toBeGreaterThan(released.length);
    expect(await put('full-afterwards')).toMatchObject({ status: 201 });
  });
});
