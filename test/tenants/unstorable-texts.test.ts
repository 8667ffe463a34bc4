/** An organization at WorkOS has texts that Postgres cannot hold. */
import { expect, it } from '@jest/globals';
import { foreignOrganization, get, put, useTenants } from './tenants-setup.ts';

useTenants();

it('such an organization is adopted, with U+FFFD in their place', async () => {
  const id = await foreignOrganization({ metadata: { 'a\0': 'b\0', 'c\ud800': 'd' } });

  const res = await put('odd', { name: 'Odd', workos_organization_id: id });

  expect([res.status, res.body]).toMatchObject([201, { status: 'active' }]);
  expect((await get('odd')).body).toMatchObject({
    metadata: { 'a\ufffd': 'b\ufffd', 'c\ufffd': 'd' },
  });
});
