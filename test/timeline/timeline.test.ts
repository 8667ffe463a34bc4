/** The timeline of a tenant: its order, its pages, and what may not disturb it. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createOccurrenceStore } from '../../src/timeline/occurrence-store.ts';
import { createRecorder } from '../../src/timeline/recorder.ts';
import { createTimeline } from '../../src/timeline/timeline.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
beforeAll(() => gatehouse.provision('acme'));

const occurrence = { tenantId: 'acme', operation: 'authorizeSso', outcome: 'refused' } as const;
const addAt = (at: string, reason: string) =>
  gatehouse.database.superuser(
    `insert into tenant_occurrences (tenant_id, at, operation, outcome, reason, client_id, count, last_at, request_id)
     values ('acme', date_bin('5 minutes', $1::timestamptz, 'epoch'), 'authorizeSso', 'refused', $2, 'shop', 1, $1, 'r')`,
    [at, reason],
  );
const pages = async (limit: number): Promise<readonly (string | null)[]> => {
  const timeline = createTimeline(gatehouse.database.db);
  const reasons = [];
  let cursor: string | undefined;
  do {
    const page = await timeline.read('acme', { limit, cursor });
    reasons.push(...page.entries.map(({ reason }) => reason));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return reasons.filter((reason) => reason?.startsWith('test_'));
};

describe('a timeline', () => {
  it('is newest first, also within five minutes, on pages of any size', async () => {
    await addAt('2020-01-01T00:01:00Z', 'test_c');
    await addAt('2020-01-01T00:02:00.000001Z', 'test_b');
    await addAt('2020-01-01T00:02:00.000002Z', 'test_a');
    await addAt('2020-01-01T00:04:00Z', 'test_z');
    await addAt('2020-01-01T00:06:00Z', 'test_n');

    const newestFirst = ['test_n', 'test_z', 'test_a', 'test_b', 'test_c'];
    expect([await pages(1), await pages(2), await pages(100)]).toEqual([
      newestFirst,
      newestFirst,
      newestFirst,
    ]);
  });

  it('does not become shorter when operators look at it', async () => {
    await gatehouse.database
      .superuser(`insert into audit_trail (at, operation, outcome, tenant_id, request_id, details)
      select now(), 'console look', 'succeeded', 'acme', 'r', '{}' from generate_series(1, 60)`);

    const { entries } = await createTimeline(gatehouse.database.db).read('acme', { limit: 50 });

    expect(entries.some(({ operation }) => operation === 'putTenant')).toBe(true);
    expect(entries.some(({ operation }) => operation === 'console look')).toBe(false);
  });

  it('loses an occurrence that Postgres refuses, and no other', async () => {
    let dropped = 0;
    const recorder = createRecorder(createOccurrenceStore(gatehouse.database.db), () => {
      dropped += 1;
    });
    for (const reason of ['test_1', 'test_\u0000', 'test_2', 'test_3'])
      recorder.record({ ...occurrence, reason, requestId: 'r' });

    await recorder.flush();

    expect((await pages(50)).slice(0, 3).sort()).toEqual(['test_1', 'test_2', 'test_3']);
    expect(dropped).toBe(1);
  });

  it('has room for occurrences of tenants, however many connections strangers make up', async () => {
    const stored: unknown[] = [];
    const recorder = createRecorder({
      add: (batch) => Promise.resolve(void stored.push(...batch)),
    });
    const { tenantId, ...madeUp } = occurrence;
    for (let i = 0; i < 10_000; i += 1)
      recorder.record({ ...madeUp, connectionId: `conn_${i}`, requestId: 'r' });
    recorder.record({ ...occurrence, requestId: 'r' });

    await recorder.flush();

    expect(stored).toContainEqual(expect.objectContaining({ tenantId }));
  });
});
