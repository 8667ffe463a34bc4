/** Postgres fails in the middle of an export of the audit trail. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, it } from '@jest/globals';
import { RUNTIME } from '../../src/dev/roles.ts';
import { openConsole } from '../support/console.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();

it('ends with a broken connection, so that nobody takes the part for the whole', async () => {
  await gatehouse.database.superuser(
    `insert into audit_trail (operation, outcome, request_id, details)
     select 'test', 'succeeded', 'r', jsonb_build_object('text', repeat('x', 4000)) from generate_series(1, 6000)`,
  );
  const { cookie } = await openConsole(gatehouse);
  const download = get(`${gatehouse.adminUrls[0] ?? ''}/console/audit.csv?operation=test`, {
    headers: { cookie },
  });
  const [response] = (await once(download, 'response')) as [IncomingMessage];
  await once(response, 'readable');
  await gatehouse.database.superuser(`revoke select on audit_trail from ${RUNTIME}`);

  const rest = response.toArray();

  expect(response.statusCode).toBe(200);
  await expect(rest).rejects.toThrow('aborted');
});
