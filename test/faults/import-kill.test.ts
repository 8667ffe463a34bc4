/** `gatehouse tenants import` killed in the middle, and repeated. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useFaultWorld } from '../support/use-fault-world.ts';
import { runGatehouse, startGatehouseProcess } from '../support/gatehouse-process.ts';
import { waitFor } from '../support/wait-for.ts';

const world = useFaultWorld();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-import-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ROWS = 200;

describe('an import that is killed', () => {
  it('goes on when it is repeated, and gives each tenant one organization', async () => {
    const path = join(folder, 'tenants.csv');
    const lines = Array.from({ length: ROWS }, (_, n) => `t-${n},Tenant ${n}`);
    await writeFile(path, `tenant_id,name\n${lines.join('\n')}\n`);
    const made = () => world.workos.organizations.size;

    const first = startGatehouseProcess(['tenants', 'import', path], world.env);
    await waitFor(() => made() > 20, { withinMs: 120_000, what: 'some organizations' });
    first.child.kill('SIGKILL');
    const ended = await first.ended;
    const before = made();
    const second = await runGatehouse(['tenants', 'import', path], world.env);

    expect(ended).toBe('SIGKILL');
    expect(before).toBeLessThan(ROWS);
    expect({ code: second.code, err: second.err }).toMatchObject({ code: 0 });
    expect(JSON.parse(second.out)).toMatchObject({ left: 0, failures: [] });
    expect(made()).toBe(ROWS);
    expect(
      await world.superuser('select status, count(*)::int as tenants from tenants group by 1'),
    ).toEqual([{ status: 'active', tenants: ROWS }]);
  }, 300_000);
});
