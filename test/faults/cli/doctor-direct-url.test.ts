import { expect, it } from '@jest/globals';
import { findingsOf, gatehouse, useDoctor } from '../../cli/doctor-setup.ts';

useDoctor();

it('gatehouse doctor says what to do when the direct URL leads to another database', async () => {
  const elsewhere = Object.assign(new URL(gatehouse.database.superuserUrl), {
    pathname: '/postgres',
  });

  const findings = await findingsOf('notifications', { DATABASE_DIRECT_URL: elsewhere.href });

  expect(findings).toEqual([
    {
      check: 'notifications',
      level: 'fault',
      says: expect.stringMatching(/or it is another server or database/),
      remedy: expect.stringMatching(/with the database of DATABASE_URL/),
    },
  ]);
});
