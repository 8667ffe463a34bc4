/** A user whom a client made for a tenant is the client's only as long as it may use the tenant. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import type { TestClient } from '../support/test-app.ts';
import { waitFor } from '../support/wait-for.ts';
import { contentOf, UNKNOWN, type Answer } from './attacks-setup.ts';
import { acme, gatehouse, useResources } from './resources-setup.ts';

const USERS = '/user_management/users';

useResources();
let maker: TestClient;
/** Made for `acme`, and for no tenant. */
const users: Record<'acme' | 'nobody', string> = { acme: '', nobody: '' };
const EMAIL = 'made@acme.example';

beforeAll(async () => {
  await gatehouse.provision('initech');
  maker = await gatehouse.createClient({ tenants: ['acme', 'initech'] });
  const make = async (email: string, userToken?: string) => {
    const made = await gatehouse.as(maker, userToken).post(USERS).send({ email }).expect(201);
    return (made.body as { id: string }).id;
  };
  users.acme = await make(EMAIL, await gatehouse.userToken({ tenant_id: 'acme' }));
  users.nobody = await make('made@people.example');
  const registry = createClientRegistry(gatehouse.database.db);
  await registry.update(operator('test'), maker.id, { tenants: ['initech'] });
  // The service sees the change after a moment.
  await waitFor(async () => (await as().get('/v1/tenants/acme')).status === 404);
});

/** What the client may do with its own users. */
const REQUESTS: readonly (readonly [string, (id: string, email: string) => PromiseLike<Answer>])[] =
  [
    ['is read', (id) => as().get(`${USERS}/${id}`)],
    ['is changed', (id) => as().put(`${USERS}/${id}`).send({ first_name: 'Eve' })],
    [
      'becomes a member of another tenant',
      (user_id) =>
        as()
          .post('/user_management/organization_memberships')
          .send({ user_id, organization_id: 'initech' }),
    ],
    [
      'is given a code to sign in',
      (_id, email) => as().post('/user_management/magic_auth').send({ email }),
    ],
    ['is deleted', (id) => as().delete(`${USERS}/${id}`)],
  ];
const as = () => gatehouse.as(maker);

describe('after a client has lost the tenant for which it made a user', () => {
  it.each(REQUESTS)('the user is to it like nobody: %s', async (_what, ask) => {
    const [hidden, unknown] = [
      await ask(users.acme, EMAIL),
      await ask(`user_${UNKNOWN}`, 'nobody@acme.example'),
    ];

    expect(hidden.status).toBe(404);
    expect(contentOf(hidden)).toEqual(contentOf(unknown));
    expect(gatehouse.workos.state.users.get(users.acme)?.first_name).not.toBe('Eve');
  });

  it('the user is to it like nobody also as a member of that tenant', async () => {
    gatehouse.workos.addMembership(acme, users.acme);

    expect((await as().get(`${USERS}/${users.acme}`)).status).toBe(404);
  });

  it('a user whom it made for no tenant is still its own', async () => {
    for (const [what, ask] of REQUESTS)
      expect([what, (await ask(users.nobody, 'made@people.example')).status]).not.toContain(404);
  });
});
