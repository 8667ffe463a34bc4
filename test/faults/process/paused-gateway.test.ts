import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { useFaultWorld } from '../../support/use-fault-world.ts';
import { serve } from '../../support/gatehouse-process.ts';
import { holdLock, pauseCall } from '../../support/interleave.ts';
import { waitFor } from '../../support/wait-for.ts';

const world = useFaultWorld();

/** Longer than a statement may take, and than the gateway waits for a reply. */
const PAUSE_MS = 3_500;

const waitingForALock = () =>
  world.superuser(
    `select 1 from pg_stat_activity where application_name = 'gatehouse' and wait_event_type = 'Lock'`,
  );

describe('a gateway that was paused, e.g. with its virtual machine', () => {
  it('uses the replies that the database sent meanwhile', async () => {
    const server = await serve(world.env);
    await server.ready();
    await world.call(server.url, 'PUT', '/v1/tenants/acme', { name: 'Acme' });
    const lock = await holdLock(
      { url: world.env.DATABASE_URL ?? '' },
      `select 1 from tenants where id = 'acme' for update`,
    );

    const call = world.call(server.url, 'PUT', '/v1/tenants/acme', { name: 'Acme Inc.' });
    await waitFor(async () => (await waitingForALock()).length > 0);
    server.child.kill('SIGSTOP');
    await lock.release();
    await pause(PAUSE_MS);
    server.child.kill('SIGCONT');

    expect(await call).toMatchObject({ status: 200, body: { name: 'Acme Inc.' } });
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  });

  it('uses the reply that WorkOS sent meanwhile', async () => {
    const server = await serve(world.env);
    await server.ready();
    const point = pauseCall(world.workos, 'POST /organizations', 'after-effect');

    const call = world.call(server.url, 'PUT', '/v1/tenants/globex', { name: 'Globex' });
    await point.reached;
    server.child.kill('SIGSTOP');
    point.resume();
    await pause(PAUSE_MS);
    server.child.kill('SIGCONT');

    expect(await call).toMatchObject({ status: 201, body: { name: 'Globex' } });
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  });
});
