/** `gatehouse restored` killed while it rebuilds the tenant map, and repeated. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { startFaultWorld, type FaultWorld } from '../../support/fault-world.ts';
import { runGatehouse, serve, startGatehouseProcess } from '../../support/gatehouse-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const TENANTS = Array.from({ length: 20 }, (_, n) => `t-${n}`);

let world: FaultWorld;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  world = await startFaultWorld();
  env = world.ownerEnv;
});
afterAll(() => world.stop());

/** Holds up the mapping of one tenant in the middle of the others. @returns what ends that */
async function holdUpOne(): Promise<() => Promise<void>> {
  const session = new pg.Client({ connectionString: env.DATABASE_MIGRATION_URL });
  await session.connect();
  await session.query('begin');
  await session.query(
    `insert into tenants (id, status, name, domains, metadata) values ('t-10', 'provisioning', '', '[]', '{}')`,
  );
  return () => session.end();
}

it('a killed gatehouse restored that is repeated names every tenant that waits to be set to active', async () => {
  const server = await serve(world.env);
  await server.ready();
  for (const id of TENANTS)
    expect(await world.call(server.url, 'PUT', `/v1/tenants/${id}`, { name: id })).toMatchObject({
      status: 201,
    });
  server.child.kill('SIGTERM');
  await server.ended;
  // The backup lacks them.
  await world.superuser('delete from tenants');
  const mapped = () => world.superuser<{ id: string }>('select id from tenants order by id');

  const letGo = await holdUpOne();
  const first = startGatehouseProcess(['restored'], env);
  await waitFor(
    async () =>
      (await world.superuser(`select from pg_stat_activity where wait_event_type = 'Lock'`))
        .length > 0,
    { withinMs: 30_000, what: 'one tenant to be held up' },
  );
  first.child.kill('SIGKILL');
  expect(await first.ended).toBe('SIGKILL');
  await letGo();
  const before = await mapped();
  const second = await runGatehouse(['restored', '--json'], env);

  expect(before.length).toBeGreaterThan(0);
  expect(before.length).toBeLessThan(TENANTS.length);
  expect({ code: second.code, err: second.err }).toMatchObject({ code: 0 });
  const { tenants, still_suspended } = JSON.parse(second.out) as {
    readonly tenants: readonly { readonly tenant_id: string; readonly what: string }[];
    readonly still_suspended: readonly string[];
  };
  expect(new Set(tenants.map(({ what }) => what))).toEqual(new Set(['mapped again, suspended']));
  expect(still_suspended).toEqual(before.map(({ id }) => id));
  expect([...still_suspended, ...tenants.map(({ tenant_id }) => tenant_id)].toSorted()).toEqual(
    TENANTS.toSorted(),
  );
  expect(
    await world.superuser(
      `select count(*)::int as rows, count(distinct tenant_id)::int as tenants from audit_trail where details ? 'restored'`,
    ),
  ).toEqual([{ rows: TENANTS.length, tenants: TENANTS.length }]);
  expect(world.workos.organizations.size).toBe(TENANTS.length);

  // Somebody decides about one of them.
  const [decided = '', ...others] = TENANTS.toSorted();
  await world.superuser('update tenants set updated_at = now() where id = $1', [decided]);
  const third = await runGatehouse(['restored', '--json'], env);
  expect(JSON.parse(third.out)).toMatchObject({ tenants: [], still_suspended: others });
});
