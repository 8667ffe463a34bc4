/** WorkOS may write an e-mail address in another way than the caller did. */
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeUser } from '../support/resource-things.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const USERS = '/user_management/users';
const gatehouse = useGatehouse();
let client: TestClient;
beforeAll(async () => {
  client = await gatehouse.createClient({ tenants: ['acme'] });
  await gatehouse.provision('acme');
});
afterEach(() => gatehouse.workos.clearFaults());

/** Creates a user at WorkOS, which answers the next creation with it, and with the address in this form. */
async function answerWith(email: string): Promise<string> {
  const id = await makeUser(gatehouse, []);
  const body = { ...gatehouse.workos.state.users.get(id), email };
  gatehouse.workos.fault(`POST ${USERS}`, { kind: 'status', status: 201, body });
  return id;
}
const create = (email: string) => gatehouse.as(client).post(USERS).send({ email });

describe('a new user', () => {
  it.each([
    ['in lower case', 'Ada@Case.example', 'ada@case.example'],
    ['with its domain in punycode', 'ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['with its domain in Unicode', 'ada@xn--mnchen-3ya.example', 'ada@münchen.example'],
    ['with composed characters', 'zoe\u0301@accent.example', 'zo\u00e9@accent.example'],
  ])('is the client’s if WorkOS writes the address %s', async (_how, asked, answered) => {
    const id = await answerWith(answered);

    const res = await create(asked);

    expect([res.status, (res.body as { email: string }).email]).toEqual([201, answered]);
    expect((await gatehouse.as(client).get(`${USERS}/${id}`)).status).toBe(200);
  });

  it('is a wrong answer of WorkOS if the address is another', async () => {
    await answerWith('ada@xn--bcher-kvb.example');

    expect((await create('ada@bücher.example')).status).toBe(502);
  });
});
