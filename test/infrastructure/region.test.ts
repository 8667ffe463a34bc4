/** docs/operators.md, Region failover: the standby of another region is promoted, and everything starts anew there. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newDirectory, startFaultWorld, type FaultWorld } from '../support/fault-world.ts';
import { runGatehouse, serve } from '../support/gatehouse-process.ts';
import {
  startDebianPostgres,
  startStandby,
  type DebianPostgres,
} from '../support/infrastructure/debian-postgres.ts';
import { prepareTenant } from '../support/infrastructure/traffic.ts';
import { waitFor } from '../support/wait-for.ts';

const base = newDirectory();
let primary: DebianPostgres;
let standby: DebianPostgres;
let world: FaultWorld;
let there: Readonly<Record<string, string>>;

beforeAll(async () => {
  primary = await startDebianPostgres(join(base, 'primary'));
  world = await startFaultWorld(() => Promise.resolve(primary));
  standby = await startStandby(join(base, 'standby'), primary);
  const server = await serve(world.env);
  await server.ready();
  await prepareTenant(world, server.url);
  server.child.kill('SIGTERM');
  await server.ended;
  const at = (url: string) => Object.assign(new URL(url), { port: String(standby.port) }).href;
  there = {
    ...world.env,
    DATABASE_URL: at(world.env.DATABASE_URL ?? ''),
    DATABASE_MIGRATION_URL: at(primary.superuserUrl.replace(/postgres$/, 'gatehouse')),
  };
});
afterAll(async () => {
  await world.stop();
  await standby.stop();
});

const onStandby = async (sql: string): Promise<unknown> => {
  const client = new pg.Client(`postgres://postgres@127.0.0.1:${standby.port}/gatehouse`);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return Object.values(rows[0] ?? {})[0];
};
const doctor = async (): Promise<string> => (await runGatehouse(['doctor'], there)).out;

describe('a region failover', () => {
  it('step 1: doctor tells the standby from a primary', async () => {
    await waitFor(async () => (await onStandby('select count(*) from tenants')) === '1', {
      what: 'the tenant on the standby',
    });

    expect(await doctor()).toMatch(
      /^fault +database +127\.0\.0\.1:\d+ takes no writes: it is a replica/m,
    );
  });

  it('step 2: the promoted standby takes writes', async () => {
    await primary.crash();
    await onStandby('select pg_promote()');

    expect(await onStandby('select pg_is_in_recovery()')).toBe(false);
  });

  it('step 3: restored runs there, and step 4: nothing is left to migrate', async () => {
    const restored = await runGatehouse(['restored'], there);
    const migrated = await runGatehouse(['migrate'], there);

    expect([restored.code, migrated.code]).toEqual([0, 0]);
    expect(await doctor()).not.toMatch(/^fault +(database|migrations|tenant map)/m);
  });

  it('step 4: a gateway serves the tenant of the first region', async () => {
    const server = await serve(there);
    await server.ready();
    const { status } = await world.call(server.url, 'POST', '/portal/generate_link', {
      organization: 'acme',
      intent: 'sso',
    });
    server.child.kill('SIGTERM');
    await server.ended;

    expect(status).toBe(201);
  });
});
