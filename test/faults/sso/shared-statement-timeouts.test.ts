/** Statements of a sign-in that other sessions stop for longer than a statement may take. */
import { beforeAll, expect, it } from '@jest/globals';
import { holdLock } from '../../support/interleave.ts';
import {
  auditRows,
  connect,
  exchange,
  grant,
  REDIRECT_URI,
  signIn,
} from '../../support/sign-in.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';

const gatehouse = useGatehouse();

beforeAll(async () => {
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
});

/** Returns a function that exchanges the code of a new sign-in. */
async function signedIn() {
  const client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  const { code } = await signIn(gatehouse, client);
  return () => exchange(gatehouse, grant(client, code));
}

it('an exchange that a lock stops for longer than a statement may take leaves its code good', async () => {
  const send = await signedIn();
  const lock = await holdLock(gatehouse.database, 'lock table spent_codes in exclusive mode');
  const stopped = await send();
  await lock.release();
  expect([stopped.status, stopped.headers.has('retry-after')]).toEqual([503, true]);

  expect((await send()).status).toBe(200);
});

it('a release that a lock stops for longer than a statement may take is told as failed, once', async () => {
  const send = await signedIn();
  const lock = await holdLock(gatehouse.database, 'lock table sign_ins in exclusive mode');
  const stopped = await send();
  await lock.release();
  expect([stopped.status, stopped.headers.has('retry-after')]).toEqual([503, true]);

  expect(await auditRows(gatehouse, stopped.headers.get('x-request-id'))).toMatchObject([
    { outcome: 'attempted' },
    { outcome: 'failed' },
  ]);
  const again = await send();
  expect([again.status, again.body.detail]).toEqual([
    400,
    expect.stringContaining('earlier exchange'),
  ]);
});
