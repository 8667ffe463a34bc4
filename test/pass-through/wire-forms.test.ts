import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFakeWorkos, type FakeWorkos } from '../../src/dev/fake-workos/server.ts';
import { createComparable, type Comparable } from '../support/compatibility/equal.ts';
import { wireForms, type WireForm } from '../support/compatibility/wire-corpus.ts';
import { createCaller, type Answer, type Caller } from '../support/http-caller.ts';
import { REDIRECT_URI } from '../support/sign-in.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();

/** WorkOS, or WorkOS through the gateway. */
interface World {
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string>>;
  readonly ids: Readonly<Record<string, string>>;
  readonly comparable: Comparable;
}

let fake: FakeWorkos;
let direct: World;
let gateway: World;

beforeAll(async () => {
  fake = await startFakeWorkos({ redirectUris: [REDIRECT_URI] });
  const client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  direct = await worldOf(fake.url, { authorization: `Bearer ${fake.apiKey}` }, fake);
  gateway = await worldOf(
    gatehouse.url,
    {
      authorization: `Bearer ${client.key}`,
      'gatehouse-user-token': await gatehouse.userToken(),
    },
    gatehouse.workos,
  );
});

afterAll(async () => {
  await Promise.all([direct.caller.close(), gateway.caller.close(), fake.stop()]);
});

describe('a request as official SDKs write it', () => {
  it.each(wireForms.map((form) => [form.by, form.method, form.path, form.what, form] as const))(
    'of %s does through the gateway what it does at WorkOS: %s %s, %s',
    async (_by, _method, _path, _what, form) => {
      const expected = await sent(direct, form);
      const given = await sent(gateway, form);

      expect(outcome(gateway, given, form)).toEqual(outcome(direct, expected, form));
      expect(given.status).toBe(form.status ?? given.status);
      expect(given.headers['gatehouse-ignored']).toBe(form.ignored);
      if (form.reaches) expect(gatehouse.workos.requests.at(-1)).toMatchObject(form.reaches);
    },
  );
});

async function worldOf(
  url: string,
  headers: Readonly<Record<string, string>>,
  workos: FakeWorkos,
): Promise<World> {
  const caller = createCaller(url);
  const tenantOf = (id: string) => workos.organizations.get(id)?.external_id ?? undefined;
  const comparable = createComparable({ tenantOf, texts: {} });
  const create: Create = async (path, body) => {
    const { json } = await caller.send({
      ...{ method: 'POST', path, body: JSON.stringify(body) },
      headers: { ...headers, 'content-type': 'application/json' },
    });
    return String(json.id);
  };
  const domain_data = [{ domain: 'one.test', state: 'pending' }];
  const tenant = await create('/organizations', { name: 'acme', external_id: 'acme', domain_data });
  const doomed = await create('/organizations', { name: 'doomed', external_id: 'doomed' });
  await create('/audit_logs/actions/user.signed_in/schemas', { targets: [{ type: 'team' }] });
  await create('/authorization/roles', { name: 'Admin', slug: 'admin' });
  await create('/authorization/permissions', { name: 'Read', slug: 'invoices:read' });
  await create(`/authorization/organizations/${tenant}/roles`, {
    ...{ name: 'Billing', slug: 'org-billing' },
  });
  const user = await create('/user_management/users', { email: 'ada@wire.test' });
  const ids = {
    ...{ tenant, doomed, user },
    ...(await groupWith(create, tenant, user)),
    factor: await create('/auth/factors/enroll', { type: 'generic_otp' }),
    domain: await create('/organization_domains', { domain: 'two.test', organization_id: tenant }),
  };
  return { caller, headers, ids, comparable };
}

type Create = (path: string, body: object) => Promise<string>;

async function groupWith(create: Create, tenant: string, user_id: string) {
  const groups = `/organizations/${tenant}/groups`;
  const group = await create(groups, { name: 'Engineering' });
  const membership = await create('/user_management/organization_memberships', {
    ...{ user_id, organization_id: tenant },
  });
  await create(`${groups}/${group}/organization-memberships`, {
    organization_membership_id: membership,
  });
  return { group, membership };
}

function sent({ caller, headers, ids }: World, form: WireForm): Promise<Answer> {
  const named = (text: string) =>
    text.replaceAll(/\{(\w+)\}/g, (all, name: string) => ids[name] ?? all);
  const { method, path, body, type = 'application/json' } = form;
  const text = typeof body === 'string' ? body : (JSON.stringify(body) as string | undefined);
  return caller.send({
    method,
    path: named(path),
    headers: { ...headers, ...form.headers, ...(type !== null && { 'content-type': type }) },
    body: text === undefined ? undefined : named(text),
  });
}

/** Errors have texts of their own; a deletion answers 204 where WorkOS answers 200 or 202. */
function outcome({ comparable }: World, { status, json }: Answer, { onlyStatus }: WireForm) {
  if (status >= 400 || onlyStatus) return { status };
  return { status: status === 200 || status === 202 ? 204 : status, body: comparable(json) };
}
