/** What docs/differences.md says of who may do what, line by line. */
import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { ofRights } from '../support/compatibility/behaviour.ts';
import { askWorkos, makeUser } from '../support/resource-things.ts';
import {
  authorizePath,
  createBrowser,
  exchange,
  organizationOf,
  signIn,
} from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { applyEvents, workosEvent } from '../support/workos-events.ts';
import {
  prove,
  ask,
  client,
  platform,
  admin,
  acme,
  globex,
  gatehouse,
  idOf,
  dataOf,
  outcomeOf,
  withoutScope,
  daysAgo,
  ORIGIN,
  USERS,
  type Method,
} from './behaviour-setup.ts';

prove(ofRights, {
  async lists() {
    const lists = ['/connections', '/directories', `${USERS}/invitations`, `${USERS}/users`];
    for (const path of lists) {
      const own = await ask(['get', path]);
      const all = await ask(['get', path], { as: platform });
      expect([path, outcomeOf(own), all.status]).toEqual([
        path,
        [422, 'organization_id_required'],
        200,
      ]);
    }
    for (const path of ['/directory_users', '/directory_groups'])
      expect(outcomeOf(await ask(['get', path]))).toEqual([422, 'invalid_request']);
    const { id: after } = gatehouse.workos.addConnection(globex);
    const foreign = await ask(['get', '/connections', { organization_id: 'acme', after }]);
    expect(foreign.body).toMatchObject({ errors: [{ code: 'after_invalid' }] });
    const gone = gatehouse.workos.addConnection(acme).id;
    await ask(['delete', `/connections/${gone}`], { token: admin });
    const rest = await ask(['get', '/connections', { organization_id: 'acme', after: gone }]);
    expect(rest.status).toBe(200);
  },

  async actingUser() {
    const { id } = gatehouse.workos.addConnection(acme);
    const directory = gatehouse.workos.addDirectory(acme).id;
    const range = { range_start: daysAgo(2), range_end: daysAgo(1) };
    const calls: (readonly [Method, string, object?])[] = [
      ['post', '/portal/generate_link', { organization: 'acme', intent: 'sso' }],
      [
        'post',
        '/widgets/token',
        { organization_id: 'acme', user_id: await makeUser(gatehouse, [acme]) },
      ],
      ['delete', `/connections/${id}`],
      ['delete', `/directories/${directory}`],
      ['post', '/audit_logs/exports', { organization_id: 'acme', ...range }],
    ];
    for (const call of calls) {
      const alone = await ask(call);
      const acting = await ask(call, { token: admin });
      expect([call[1], alone.status, acting.status < 300]).toEqual([call[1], 403, true]);
    }
  },

  async environment() {
    const member = await withoutScope('audit_logs:schemas');
    const schema = [
      'post',
      '/audit_logs/actions/user.left/schemas',
      { targets: [{ type: 'team' }] },
    ] as const;
    gatehouse.workos.addFeatureFlag('slow');
    for (const path of [
      '/authorization/roles',
      '/authorization/permissions',
      '/feature-flags',
      '/audit_logs/actions',
    ])
      expect([path, (await ask(['get', path])).status]).toEqual([path, 200]);
    for (const call of [
      ['post', '/authorization/roles', { slug: 'auditor', name: 'Auditor' }],
      ['post', '/authorization/permissions', { slug: 'audit', name: 'Audit' }],
      ['put', '/feature-flags/slow/enable'],
    ] as const) {
      const own = await ask(call);
      const all = await ask(call, { as: platform });
      expect([call[1], own.status, all.status < 300]).toEqual([call[1], 403, true]);
    }
    const [refused, made] = [await ask(schema, { as: member }), await ask(schema)];
    expect([refused.status, made.status]).toEqual([403, 201]);
    const [tenant, user] = ['acme', await makeUser(gatehouse, [acme])];
    const targeted = await ask(['post', `/feature-flags/slow/targets/${tenant}`]);
    const ofUser = await ask(['post', `/feature-flags/slow/targets/${user}`]);
    expect([targeted.status, ofUser.status]).toEqual([204, 404]);
  },

  async ownObjects() {
    const sibling = await gatehouse.createClient({ tenants: ['acme'] });
    const factor = await ask(['post', '/auth/factors/enroll', { type: 'generic_otp' }]);
    const user = await makeUser(gatehouse, [acme, globex]);
    const created = await ask([
      'post',
      `${USERS}/users`,
      { email: `${randomUUID()}@acme.example` },
    ]);

    const answers = [
      await ask(['get', `/auth/factors/${idOf(factor)}`], { as: sibling }),
      await ask(['get', `${USERS}/users/${idOf(created)}`], { as: sibling }),
      await ask(['get', `${USERS}/users/${user}`], { as: sibling }),
      await ask(['put', `${USERS}/users/${user}`, { first_name: 'Ada' }], { as: sibling }),
      await ask(['post', '/widgets/token', { organization_id: 'acme', user_id: user }], {
        as: sibling,
        token: admin,
      }),
    ];

    expect(answers.map(outcomeOf)).toEqual([
      [404, 'not_found'],
      [404, 'not_found'],
      [200, undefined],
      [403, 'user_is_shared'],
      [403, 'user_is_shared'],
    ]);
  },

  async invited() {
    const email = `${randomUUID()}@elsewhere.example`;
    const user = await makeUser(gatehouse, [], { email, first_name: 'Grace' });
    gatehouse.workos.addMembership(acme, user, { status: 'pending' });

    const read = await ask(['get', `${USERS}/users/${user}`]);
    const found = await ask(['get', `${USERS}/users`, { email }]);
    const listed = await ask([
      'get',
      `${USERS}/organization_memberships`,
      { organization_id: 'acme', statuses: 'pending' },
    ]);

    expect([read.status, dataOf(found)]).toEqual([404, []]);
    expect(listed.text).toContain(user);
    expect(listed.text).not.toContain('Grace');
  },

  async apiKeys() {
    const key = (organization: string) =>
      askWorkos<{ value: string }>(gatehouse, 'POST', `/organizations/${organization}/api_keys`, {
        name: 'Key',
      });
    const validate = async ({ value }: { readonly value: string }) =>
      (await ask(['post', '/api_keys/validations', { value }])).body as object;
    await gatehouse.provision('initech-away');
    const ofSuspended = await key(await organizationOf(gatehouse, 'initech-away'));
    await ask(['patch', '/v1/tenants/initech-away', { status: 'suspended' }]);

    expect(await validate(await key(acme))).toMatchObject({ api_key: { owner: { id: 'acme' } } });
    for (const one of [await key(globex), ofSuspended, { value: 'sk_nobodys' }])
      expect(await validate(one)).toEqual({ api_key: null });
  },

  async events() {
    const about = (organization_id: string | undefined) =>
      workosEvent('connection.activated', {
        object: 'connection',
        id: randomUUID(),
        organization_id,
      });
    const events = [about(acme), about(globex), about(undefined)];
    for (const event of events) await applyEvents(gatehouse, event);
    const seen = async (as: TestClient) => {
      const res = await ask(
        ['get', '/events', { events: 'connection.activated', limit: '100', order: 'desc' }],
        { as },
      );
      return events.map(({ id }) => dataOf(res).some((one) => one.id === id));
    };

    expect(await seen(client)).toEqual([true, false, false]);
    expect(await seen(platform)).toEqual([true, true, true]);

    const listed = await ask(['get', '/events', { events: 'connection.activated' }], {
      as: platform,
    });
    const ids = dataOf(listed).map(({ id }) => id);
    expect(ids).toEqual(events.map(({ id }) => id));
    expect(listed.body).toMatchObject({ list_metadata: { after: ids.at(-1) } });

    const mistyped = { events: 'connection.actived' };
    const refused = await ask(['get', '/events', mistyped], { as: platform });
    expect(refused.body).toMatchObject({ status: 422, errors: [{ code: 'events_unknown' }] });
  },

  async domainState() {
    const member = await withoutScope('domains:verify');
    const call = [
      'put',
      '/organizations/acme',
      { domain_data: [{ domain: 'acme.example', state: 'verified' }] },
    ] as const;

    const [refused, taken] = [await ask(call, { as: member }), await ask(call)];

    expect([refused.status, taken.status]).toEqual([403, 200]);
  },

  async providerSignIn() {
    const query = {
      client_id: client.id,
      redirect_uri: `${ORIGIN}/callback`,
      response_type: 'code',
      provider: 'GoogleOAuth',
    };
    const res = await gatehouse.anonymous.get('/sso/authorize').query(query);

    expect(new URL(res.get('location') ?? '').searchParams.get('error')).toBe(
      'unauthorized_client',
    );
  },

  async returnOrigins() {
    const body = { organization: 'acme', intent: 'sso' };
    const link = (url: object) =>
      ask(['post', '/portal/generate_link', { ...body, ...url }], { token: admin });
    const [known, unknown] = [
      await link({ return_url: `${ORIGIN}/back` }),
      await link({ success_url: 'https://other.example/' }),
    ];

    expect(known.status).toBe(201);
    expect(unknown.body).toMatchObject({ errors: [{ code: 'success_url_not_registered' }] });
  },

  async keyAndIntent() {
    const exchange = await gatehouse.anonymous
      .post('/sso/token')
      .type('form')
      .send({
        ...{
          client_id: client.id,
          grant_type: 'authorization_code',
          code: 'c',
          code_verifier: 'v'.repeat(43),
        },
      });
    const link = await ask(['post', '/portal/generate_link', { organization: 'acme' }], {
      token: admin,
    });

    expect(exchange.body).toMatchObject({ error: 'invalid_client' });
    expect(link.body).toMatchObject({ errors: [{ code: 'intent_required' }] });
  },

  async factorUser() {
    const res = await ask([
      'post',
      '/auth/factors/enroll',
      { type: 'generic_otp', user_id: await makeUser(gatehouse, [acme]) },
    ]);

    expect(res.body).toMatchObject({ status: 422, errors: [{ field: 'user_id' }] });
  },

  async signIn() {
    const { code, onward } = await signIn(gatehouse, client);
    const { location } = await createBrowser(gatehouse).get(
      authorizePath(client, { state: 's'.repeat(1_025) }),
    );
    const exchanged = await exchange(
      gatehouse,
      { client_id: 'another', code, grant_type: 'authorization_code', client_secret: client.key },
      { headers: { authorization: `Bearer ${client.key}` } },
    );

    expect(onward.searchParams.get('iss')).toBe(gatehouse.config.publicUrl);
    expect(location?.searchParams.get('error')).toBe('invalid_request');
    expect(exchanged).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  },

  async ownUsers() {
    const email = `${randomUUID()}@elsewhere.example`;
    const magicAuth = ['post', `${USERS}/magic_auth`, { email }] as const;
    const invitation = await ask([
      ...(['post', `${USERS}/invitations`] as const),
      { email, organization_id: 'acme' },
    ]);
    const refused = [
      await ask(magicAuth),
      await ask(['post', `${USERS}/invitations/${idOf(invitation)}/accept`]),
      await ask(
        [
          ...(['post', '/widgets/token'] as const),
          { organization_id: 'acme', user_id: await makeUser(gatehouse, []), scopes: [] },
        ],
        { token: admin },
      ),
    ];
    const made = await ask(magicAuth, { as: platform });

    expect(refused.map(outcomeOf)).toEqual(refused.map(() => [404, 'not_found']));
    expect(made.status).toBe(201);
  },
});
