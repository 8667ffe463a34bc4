import { beforeAll, describe, expect, it } from '@jest/globals';
import { useFaultWorld } from '../../support/use-fault-world.ts';
import { serve } from '../../support/gatehouse-process.ts';
import { createLatch } from '../../support/latch.ts';
import type { TestClient } from '../../support/test-app.ts';
import { waitFor } from '../../support/wait-for.ts';

const USERS = '/user_management/users';
const EMAIL = 'ada@killed.example';

const world = useFaultWorld();
let client: TestClient;
beforeAll(async () => {
  client = await world.createClient('some-tenants', ['acme']);
});

const ask = async (url: string, method: string, path: string, body?: object) => {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${client.key}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as object };
};
const isMade = () => [...world.workos.state.users.values()].some(({ email }) => email === EMAIL);

describe('SIGKILL after WorkOS has created a user, before its owner is stored', () => {
  it('leaves a user that its creator has once it repeats the request', async () => {
    const gate = createLatch();
    world.workos.fault(`POST ${USERS}`, { kind: 'hold', until: gate.opened }, { times: 1 });
    const killed = await serve(world.env);
    await killed.ready();
    const first = ask(killed.url, 'POST', USERS, { email: EMAIL }).catch(() => 'reset');
    await waitFor(isMade);
    killed.child.kill('SIGKILL');
    expect(await first).toBe('reset');
    gate.open();
    const { url, ready, child, ended } = await serve(world.env);
    await ready();

    const unseen = await ask(url, 'GET', `${USERS}?email=${EMAIL}`);
    const again = await ask(url, 'POST', USERS, { email: EMAIL });
    const found = await ask(url, 'GET', `${USERS}?email=${EMAIL}`);
    const [user] = (found.body as { data: { id: string }[] }).data;
    const removed = await ask(url, 'DELETE', `${USERS}/${user?.id}`);
    child.kill('SIGTERM');

    expect(unseen.body).toMatchObject({ data: [] });
    expect([again.status, again.body]).toMatchObject([
      400,
      { errors: [{ code: 'email_not_available' }] },
    ]);
    expect(removed.status).toBe(204);
    expect(isMade()).toBe(false);
    expect(await ended).toBe(0);
  });
});
