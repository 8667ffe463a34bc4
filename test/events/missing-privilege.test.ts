/** Events while the role of the service lacks a privilege that applying them needs. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RUNTIME } from '../../src/dev/roles.ts';
import { createApplier } from '../../src/events/apply/applier.ts';
import { insertEvents } from '../../src/events/inbox/store.ts';
import { createMirrorHandler } from '../../src/setup/mirror/apply-event.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { workosEvent } from '../support/workos-events.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.stop());

it('wait until it is granted, and none is parked', async () => {
  const failures: unknown[] = [];
  const applier = createApplier({
    db: database.db,
    handlers: [createMirrorHandler(() => undefined)],
    onFailure: (failure) => failures.push(failure),
    onParked: (event) => failures.push(event),
  });
  const times = { created_at: '2030-01-01T00:00:00Z', updated_at: '2030-01-01T00:00:00Z' };
  await database.superuser(
    `insert into tenants (id, organization_id, status, name, domains, metadata)
     values ('acme', 'org_1', 'active', 'Acme', '[]', '{}')`,
  );
  await insertEvents(
    database.db,
    [
      workosEvent('organization.created', {
        object: 'organization',
        id: 'org_1',
        name: 'One',
        domains: [],
        ...times,
      }),
    ],
    'feed',
  );
  await database.superuser(`revoke insert on mirror from ${RUNTIME}`);

  const attempts = await Promise.allSettled([1, 2, 3].map(() => applier.applyWaiting(undefined)));
  await database.superuser(`grant insert on mirror to ${RUNTIME}`);
  const applied = await applier.applyWaiting(undefined);

  expect(attempts.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(failures).toEqual([]);
  expect(applied).toBe(1);
});
