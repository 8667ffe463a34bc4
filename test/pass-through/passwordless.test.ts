import { beforeAll, describe, expect, it } from '@jest/globals';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import {
  connect,
  createBrowser,
  exchange,
  grant,
  login,
  REDIRECT_URI,
  sealerOf,
  type Exchanged,
  type Page,
} from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

interface Session {
  readonly id: string;
  readonly link: string;
}

const EMAIL = 'ada@acme.example';

const gatehouse = useGatehouse();
/** Of `acme` alone. */
let client: TestClient;
let other: TestClient;
let connection: string;
let foreignConnection: string;
const links: string[] = [];

beforeAll(async () => {
  gatehouse.workos.redirectUris.add('https://gatehouse.example.com/sso/callback');
  client = await gatehouse.createClient({ tenants: ['acme'], redirectUris: [REDIRECT_URI] });
  other = await gatehouse.createClient({ tenants: ['acme'], redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  await gatehouse.provision('globex');
  connection = await connect(gatehouse, 'acme');
  foreignConnection = await connect(gatehouse, 'globex');
});

interface Answered {
  readonly status: number;
  readonly body: unknown;
}
const post = async (body: object = {}, as = client): Promise<Answered> =>
  gatehouse
    .as(as)
    .post('/passwordless/sessions')
    .send({ type: 'MagicLink', email: EMAIL, ...body });

async function newSession(body: object = {}, as = client): Promise<Session> {
  const res = await post(body, as);
  expect([res.status, res.body]).toMatchObject([201, { object: 'passwordless_session' }]);
  const session = res.body as Session;
  links.push(new URL(session.link).pathname.split('/')[2] ?? '');
  return session;
}

/** Where the link leads: back to Gatehouse. */
async function follow({ link }: Session): Promise<URL> {
  const res = await fetch(link, { redirect: 'manual' });
  return new URL(res.headers.get('location') ?? '');
}

/** In a browser that has never been here. */
const callback = (back: URL): Promise<Page> => createBrowser(gatehouse).get(back);

async function codeOf(back: URL): Promise<string> {
  const { location, status } = await callback(back);
  if (!location) throw new Error(`The callback answered ${status}.`);
  return location.searchParams.get('code') ?? '';
}

const redeem = async (back: URL, as = client): Promise<Exchanged> =>
  exchange(gatehouse, grant(as, await codeOf(back)));
const INVALID = { status: 400, body: { error: 'invalid_grant' } };

/** Where a link leads, with another state. */
const withState = (back: URL, state: string): URL => {
  const changed = new URL(back);
  changed.searchParams.set('state', state);
  return changed;
};
const magicState = (magicLink: object, ageSeconds = 0): string =>
  sealerOf(gatehouse, -ageSeconds).seal(
    'magic',
    { client: client.id, redirectUri: REDIRECT_URI, selector: { magicLink } },
    1_500,
  );

describe('a magic link', () => {
  it('redirects to the sibling with its state and a code, which gives the profile', async () => {
    const back = await follow(
      await newSession({ state: 'where I was', redirect_uri: REDIRECT_URI }),
    );

    const { location, status, setCookie, headers } = await callback(back);
    const { searchParams } = location ?? new URL('https://nowhere.example');
    const { status: exchanged, body } = await exchange(
      gatehouse,
      grant(client, searchParams.get('code') ?? ''),
    );

    expect([status, location?.origin, location?.pathname]).toEqual([
      302,
      'https://app.example.com',
      '/callback',
    ]);
    expect([...searchParams.keys()].sort()).toEqual(['code', 'iss', 'state']);
    expect(searchParams.get('state')).toBe('where I was');
    expect([setCookie, headers.get('cache-control')]).toEqual([[], 'no-store']);
    expect([exchanged, body]).toMatchObject([
      200,
      { token_type: 'Bearer', profile: { email: EMAIL, organization_id: null } },
    ]);
  });

  it('for a connection signs in to its tenant', async () => {
    const { status, body } = await redeem(await follow(await newSession({ connection })));

    expect([status, body]).toMatchObject([
      200,
      { profile: { email: EMAIL, organization_id: 'acme', connection_id: connection } },
    ]);
  });

  it('uses the only registered redirect URI, and any state or none', async () => {
    const { location } = await callback(await follow(await newSession()));

    expect(location?.href.startsWith(`${REDIRECT_URI}?`)).toBe(true);
    expect(location?.searchParams.has('state')).toBe(false);
  });

  it('sends Gatehouse’s callback to WorkOS, and neither tenant, client nor redirect URI in clear', async () => {
    await newSession({ state: 'canary-state' });

    const { body } = gatehouse.workos.requestsTo('POST /passwordless/sessions').at(-1) ?? {};
    expect(body).toEqual({
      type: 'MagicLink',
      email: EMAIL,
      redirect_uri: 'https://gatehouse.example.com/sso/callback',
      state: expect.any(String),
    });
    expect(JSON.stringify(body)).not.toMatch(/canary|acme"|client-|app\.example/);
  });

  it('has a code that works once, and for its client only', async () => {
    const code = await codeOf(await follow(await newSession()));

    const stolen = await exchange(gatehouse, grant(other, code));
    const first = await exchange(gatehouse, grant(client, code));
    const second = await exchange(gatehouse, grant(client, code));

    expect([stolen, second]).toMatchObject([INVALID, INVALID]);
    expect(first.status).toBe(200);
  });

  it('signs in only the user it was sent to', async () => {
    const back = await follow(await newSession());

    expect(await redeem(withState(back, magicState({ email: 'eve@acme.example' })))).toMatchObject(
      INVALID,
    );
  });

  it('signs in through no other connection', async () => {
    const back = await follow(await newSession({ connection }));

    const state = magicState({ email: EMAIL, connection: foreignConnection });
    expect(await redeem(withState(back, state))).toMatchObject(INVALID);
  });

  it('ignores upper and lower case of the e-mail address', async () => {
    const back = await follow(await newSession({ email: 'Ada@Acme.example' }));

    expect((await redeem(back)).status).toBe(200);
  });

  it.each([
    ['expired', () => magicState({ email: EMAIL }, 2_000)],
    ['not ours', () => 'x.y.z'],
    ['cut short', () => magicState({ email: EMAIL }).slice(0, -2)],
  ])('with a state that is %s shows a page, and calls WorkOS for nothing', async (_what, state) => {
    const back = withState(await follow(await newSession()), state());
    const before = gatehouse.workos.requests.length;

    const { status, location, text } = await callback(back);

    expect([status, location]).toEqual([400, undefined]);
    expect(text).toContain('<h1');
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('returns WorkOS’s error to the sibling', async () => {
    const back = await follow(await newSession({ state: 'mine' }));
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');

    const { location } = await callback(back);

    expect(location?.searchParams.get('error')).toBe('access_denied');
    expect(location?.searchParams.get('state')).toBe('mine');
  });
});

describe('the state of a login and of a magic link', () => {
  it('are not interchangeable: a login’s needs its browser', async () => {
    const link = await follow(await newSession());
    const { back } = await login(gatehouse, client);
    const before = gatehouse.workos.requests.length;

    const states = [back, withState(link, back.searchParams.get('state') ?? '')];
    const pages = await Promise.all(states.map(callback));

    expect(pages.map(({ status }) => status)).toEqual([400, 400]);
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('are not interchangeable: a login’s code fails with a link’s state', async () => {
    const email = 'mallory@acme.example';
    const { back } = await login(gatehouse, client, { user: { email } });

    const answer = await redeem(withState(back, magicState({ email })));

    expect(answer).toMatchObject(INVALID);
  });

  it('are not interchangeable: a link’s code fails with a login’s state', async () => {
    const link = await follow(await newSession());
    const { browser, back } = await login(gatehouse, client);
    const mixed = withState(link, back.searchParams.get('state') ?? '');

    const { location } = await browser.get(mixed);
    const answer = await exchange(
      gatehouse,
      grant(client, location?.searchParams.get('code') ?? ''),
    );

    expect(answer).toMatchObject(INVALID);
  });
});

describe('createPasswordlessSession', () => {
  it.each<[string, object, string, string]>([
    [
      'an unregistered redirect URI',
      { redirect_uri: `${REDIRECT_URI}/x` },
      'redirect_uri',
      'redirect_uri_not_registered',
    ],
    [
      'a redirect URI with more to it',
      { redirect_uri: `${REDIRECT_URI}?x` },
      'redirect_uri',
      'redirect_uri_not_registered',
    ],
    [
      'a connection that nobody has',
      { connection: 'conn_nowhere' },
      'connection',
      'connection_invalid',
    ],
    ['no e-mail address', { email: 'ada' }, 'email', 'email_invalid'],
    ['another kind of link', { type: 'Telepathy' }, 'type', 'type_invalid'],
    ['a life too short', { expires_in: 899 }, 'expires_in', 'expires_in_invalid'],
    ['a life too long', { expires_in: 86_401 }, 'expires_in', 'expires_in_invalid'],
    ['a field that is none', { organization: 'acme' }, 'organization', 'organization_unknown'],
  ])('refuses %s', async (_what, body, field, code) => {
    const { status, body: problem } = await post(body);

    expect([status, problem]).toMatchObject([422, { errors: [{ field }] }]);
    expect([field, (problem as { errors: { code: string }[] }).errors[0]?.code]).toEqual([
      field,
      code,
    ]);
    expect(gatehouse.workos.state.passwordlessSessions.size).toBe(links.length);
  });

  it('answers a foreign connection like an unknown one', async () => {
    const [foreign, unknown] = [
      await post({ connection: foreignConnection }),
      await post({ connection: 'conn_nowhere' }),
    ];

    const withoutId = ({ body }: Answered) => ({ ...(body as object), instance: '' });
    expect(withoutId(foreign)).toEqual(withoutId(unknown));
    expect(foreign.status).toBe(422);
  });

  it('refuses a connection of a suspended tenant, and a link’s code once it is suspended', async () => {
    const platform = gatehouse.as(await gatehouse.createClient());
    const code = await codeOf(await follow(await newSession({ connection })));

    await platform.patch('/v1/tenants/acme').send({ status: 'suspended' }).expect(200);
    const refused = await post({ connection });
    const late = await exchange(gatehouse, grant(client, code));
    await platform.patch('/v1/tenants/acme').send({ status: 'active' }).expect(200);

    expect([refused.status, late]).toMatchObject([422, INVALID]);
  });

  it('requires a redirect URI for a client with several', async () => {
    const several = await gatehouse.createClient({
      redirectUris: [REDIRECT_URI, 'https://app.example.com/other'],
    });

    const { status, body } = await post({}, several);
    const back = await follow(
      await newSession({ redirect_uri: 'https://app.example.com/other' }, several),
    );

    expect([status, body]).toMatchObject([
      422,
      { errors: [{ field: 'redirect_uri', code: 'redirect_uri_required' }] },
    ]);
    expect((await callback(back)).location?.pathname).toBe('/other');
  });

  it('keeps the link out of every log and table, and returns it once', async () => {
    const session = await newSession({ connection });
    await gatehouse.as(client).post(`/passwordless/sessions/${session.id}/send`).expect(200);
    await redeem(await follow(session));

    expect(links.length).toBeGreaterThan(5);
    expect(leaksInLogs(gatehouse, links)).toEqual([]);
    expect(await leaksInDatabase(gatehouse, links)).toEqual([]);
  });
});

describe('sendPasswordlessSession', () => {
  const send = async (id: string, as = client): Promise<Answered> =>
    gatehouse.as(as).post(`/passwordless/sessions/${id}/send`);

  it('makes WorkOS send a link of the client', async () => {
    const { id } = await newSession();

    const { status, body } = await send(id);

    expect([status, body]).toEqual([200, { success: true }]);
    expect(gatehouse.workos.state.passwordlessSessions.get(id)?.sent_at).toEqual(
      expect.any(String),
    );
  });

  it('answers another client’s link and an unknown one alike', async () => {
    const { id } = await newSession();

    const answers = [await send(id, other), await send('passwordless_session_0')];

    for (const { status, body } of answers)
      expect([status, body]).toMatchObject([404, { code: 'not_found' }]);
    expect(gatehouse.workos.state.passwordlessSessions.get(id)?.sent_at).toBeNull();
  });
});
