import { describe, expect, it } from '@jest/globals';
import { useFaultWorld } from '../support/use-fault-world.ts';
import { startGatehouseProcess } from '../support/gatehouse-process.ts';
import { waitFor } from '../support/wait-for.ts';

const world = useFaultWorld();

const startWorker = () =>
  startGatehouseProcess(['worker'], { ...world.env, ADMIN_PORT: '0', HOST: '127.0.0.1' });
const term = async () =>
  (await world.superuser<{ term: string }>('select term from leases where holder is not null'))[0]
    ?.term;
const applied = async (id: string) =>
  (await world.superuser('select 1 from events where id = $1 and position is not null', [id]))
    .length > 0;

describe('SIGSTOP of the leader', () => {
  it('lets another lead within 30 s, and what the first does when it goes on is harmless', async () => {
    const first = startWorker();
    await waitFor(async () => (await term()) === '1', { withinMs: 60_000 });
    const second = startWorker();
    await waitFor(() => second.out().includes('"ready"'), { withinMs: 60_000 });

    first.child.kill('SIGSTOP');
    const began = performance.now();
    const { id } = world.workos.emit('user.created', { object: 'user', id: 'user_1' });
    await waitFor(async () => (await applied(id)) && (await term()) === '2', { withinMs: 60_000 });
    const tookMs = performance.now() - began;
    first.child.kill('SIGCONT');
    await waitFor(() => first.out().includes('"leading":false'), { withinMs: 30_000 });
    const next = world.workos.emit('user.created', { object: 'user', id: 'user_2' });
    await waitFor(() => applied(next.id), { withinMs: 30_000 });

    expect(tookMs).toBeLessThan(30_000);
    expect(await term()).toBe('2');
    for (const { child, ended } of [first, second]) {
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    }
  });
});
