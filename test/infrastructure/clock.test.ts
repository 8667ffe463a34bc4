import { globSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newDirectory, startFaultWorld, type FaultWorld } from '../support/fault-world.ts';
import { runGatehouse, serve, type Server } from '../support/gatehouse-process.ts';
import { prepareTenant } from '../support/infrastructure/traffic.ts';
import { openLaunchPage } from '../support/portal-calls.ts';
import { exchange, grant, signIn } from '../support/sign-in.ts';
import { waitFor } from '../support/wait-for.ts';

/** Debian keeps it in a folder of the architecture. */
const LIBRARY = globSync('/usr/lib/*/faketime/libfaketime.so.1')[0] ?? '';

const offset = join(newDirectory(), 'offset');
let world: FaultWorld;
/** Its clock is moved while it serves. */
let moved: Server;
let steady: Server;

function moveClock(seconds: string): void {
  writeFileSync(`${offset}.new`, seconds);
  renameSync(`${offset}.new`, offset);
}

beforeAll(async () => {
  moveClock('+0');
  world = await startFaultWorld();
  moved = await serve({
    ...world.env,
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: offset,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_NO_CACHE: '1',
  });
  steady = await serve(world.env);
  await moved.ready();
  await steady.ready();
  await prepareTenant(world, moved.url);
});
afterAll(async () => {
  for (const { child } of [moved, steady]) child.kill('SIGTERM');
  await Promise.all([moved.ended, steady.ended]);
  await world.stop();
});

const newTicket = async (server: Server): Promise<string> => {
  const fields = { tenant_id: 'acme', intent: 'sso' };
  const { body } = await world.call(server.url, 'POST', '/v1/portal-launches', fields);
  return new URL(String(body.url)).searchParams.get('ticket') ?? '';
};
const open = async (server: Server, ticket: string) =>
  (await openLaunchPage(server.url, { ticket })).status;
const clockOf = async ({ adminUrl }: Server): Promise<number> =>
  Date.parse((await fetch(`${adminUrl}/livez`)).headers.get('date') ?? '');

describe.each(['+600', '-600'])('a clock that jumps by %s seconds while it serves', (seconds) => {
  it('leaves new tickets good, used ones used, and logins complete', async () => {
    moveClock('+0');
    const [fresh, used] = [await newTicket(steady), await newTicket(moved)];
    expect(await open(moved, used)).toBe(303);

    moveClock(seconds);
    await waitFor(async () => {
      const shift = ((await clockOf(moved)) - Date.now()) / 1_000;
      return Math.abs(shift - Number(seconds)) < 30;
    });
    const app = {
      url: moved.url,
      config: { publicUrl: 'http://localhost:8080' },
      workos: world.workos,
    };
    const { code } = await signIn(app, world.client);
    const token = await exchange(app, grant(world.client, code));
    const again = await exchange({ url: steady.url }, grant(world.client, code));
    const tickets = [
      await open(moved, fresh),
      await open(moved, used),
      await open(moved, fresh),
      await open(steady, await newTicket(moved)),
    ];

    expect(tickets).toEqual([303, 410, 410, 303]);
    expect([token.status, again.status]).toEqual([200, 400]);
    expect([moved.child.exitCode, moved.err()]).toEqual([null, '']);
  });

  it('delays no revocation and keeps no processor busy', async () => {
    const busy = async () =>
      Number(
        /^process_cpu_seconds_total (\S+)/m.exec(
          await fetch(`${moved.adminUrl}/metrics`).then((res) => res.text()),
        )?.[1],
      );
    const created = await runGatehouse(
      [
        'clients',
        'create',
        '--name',
        'Short',
        '--id',
        `clock${Number(seconds)}`,
        '--scopes',
        'tenants:read',
        '--tenants',
        '*',
        '--json',
      ],
      world.env,
    );
    const { id, key } = JSON.parse(created.out) as { id: string; key: string };
    const read = async () =>
      (await fetch(`${moved.url}/v1/tenants/acme`, { headers: { authorization: `Bearer ${key}` } }))
        .status;
    expect(await read()).toBe(200);

    await runGatehouse(['clients', 'disable', id], world.env);
    await waitFor(async () => (await read()) !== 200, { withinMs: 3_000, what: 'the revocation' });
    const [began, before] = [performance.now(), await busy()];
    await waitFor(() => performance.now() - began > 3_000);

    expect((await busy()) - before).toBeLessThan(1.5);
  });
});
