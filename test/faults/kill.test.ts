import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { useFaultWorld } from '../support/use-fault-world.ts';
import { serve } from '../support/gatehouse-process.ts';
import { createLatch } from '../support/latch.ts';
import { waitFor } from '../support/wait-for.ts';

const world = useFaultWorld();

const LOOKUP = 'GET /organizations/external_id/*';
const CREATE = 'POST /organizations';
const externalIds = () =>
  [...world.workos.organizations.values()].map(({ external_id }) => external_id);
const rows = () =>
  world.superuser<{ id: string; status: string; organization_id: string | null }>(
    'select id, status, organization_id from tenants order by id',
  );

/** Starts a process, lets it provision, and kills it at a moment of the test's choosing. */
async function killWhileProvisioning(ids: readonly string[], moment: () => Promise<unknown>) {
  const server = await serve(world.env);
  await server.ready();
  const calls = ids.map((id) =>
    world.call(server.url, 'PUT', `/v1/tenants/${id}`, { name: id }).catch(() => undefined),
  );
  await moment();
  server.child.kill('SIGKILL');
  await Promise.all(calls);
  expect(await server.ended).toBe('SIGKILL');
}

describe('SIGKILL in the middle of provisioning', () => {
  it('at the look-up, before anything was made', async () => {
    const gate = createLatch();
    world.workos.fault(LOOKUP, { kind: 'hold', until: gate.opened, before: true });

    await killWhileProvisioning(['lookup-1', 'lookup-2'], () =>
      waitFor(() => world.workos.requestsTo(LOOKUP).length === 2),
    );
    gate.open();
    world.workos.clearFaults();

    expect(await rows()).toMatchObject([{ status: 'provisioning' }, { status: 'provisioning' }]);
  });

  it('after WorkOS has made the organization, before it is known', async () => {
    const gate = createLatch();
    world.workos.fault(CREATE, { kind: 'hold', until: gate.opened });

    await killWhileProvisioning(['made-1', 'made-2'], () =>
      waitFor(() => externalIds().filter((id) => id?.startsWith('gh:test:made-')).length === 2),
    );
    gate.open();
    world.workos.clearFaults();
  });

  it('at twelve moments that nobody chose', async () => {
    world.workos.fault(LOOKUP, { kind: 'delay', ms: 25 });
    world.workos.fault(CREATE, { kind: 'delay', ms: 25 });
    for (let round = 0; round < 12; round += 1) {
      const ids = Array.from({ length: 4 }, (_, i) => `round-${round}-${i}`);
      await killWhileProvisioning(ids, () => pause(Math.random() * 150));
    }
    world.workos.clearFaults();

    expect((await rows()).length).toBeGreaterThan(4);
  });

  it('leaves tenants that are all active within 90 seconds, with one organization each', async () => {
    const server = await serve(world.env);
    await server.ready();

    await waitFor(async () => (await rows()).every(({ status }) => status === 'active'), {
      withinMs: 90_000,
      everyMs: 250,
      what: 'every tenant to be active',
    });
    const tenants = await rows();
    const again = await Promise.all(
      tenants.map(({ id }) => world.call(server.url, 'PUT', `/v1/tenants/${id}`, { name: id })),
    );
    server.child.kill('SIGTERM');

    expect(externalIds().toSorted()).toEqual(tenants.map(({ id }) => `gh:test:${id}`).toSorted());
    expect(tenants.map(({ organization_id }) => organization_id).toSorted()).toEqual(
      [...world.workos.organizations.keys()].toSorted(),
    );
    expect(again.filter(({ status }) => status !== 200)).toEqual([]);
    expect(await server.ended).toBe(0);
  });

  it('is made good by one retry, once the dead one’s lease is over', async () => {
    const gate = createLatch();
    world.workos.fault(CREATE, { kind: 'hold', until: gate.opened }, { times: 1 });
    await killWhileProvisioning(['retried'], () =>
      waitFor(() => externalIds().includes('gh:test:retried')),
    );
    gate.open();
    await world.superuser(`update tenants set lease_until = now() where id = 'retried'`);
    const server = await serve(world.env);
    await server.ready();

    const retry = await world.call(server.url, 'PUT', '/v1/tenants/retried', { name: 'retried' });
    server.child.kill('SIGTERM');

    expect([retry.status, retry.body.status]).toEqual([200, 'active']);
    expect(externalIds().filter((id) => id === 'gh:test:retried')).toHaveLength(1);
    expect(await server.ended).toBe(0);
  });
});
