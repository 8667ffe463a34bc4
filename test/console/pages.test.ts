import { beforeAll, describe, expect, it } from '@jest/globals';
import { csvLine } from '../../src/console/csv.ts';
import { matchPath } from '../../src/console/page.ts';
import { openConsole } from '../support/console.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const app = useGatehouse({ env: { WEBHOOK_ENDPOINT_ORIGINS: 'http://localhost:*' } });
let ada: Awaited<ReturnType<typeof openConsole>>;
let key: string;
let endpointId: string;

const auditOf = (operation: string) =>
  app.database.superuser<{ user_id: string; tenant_id: string | null; details: object }>(
    `select user_id, tenant_id, details from audit_trail where operation = $1 order by id`,
    [operation],
  );

beforeAll(async () => {
  const client = await app.createClient({ id: 'billing', name: 'Billing', tenants: ['*'] });
  ({ key } = client);
  const agent = app.as(client);
  await agent
    .put('/v1/tenants/acme')
    .send({ name: 'Acme & Söhne', domains: [{ domain: 'acme.example' }] });
  await agent.put('/v1/tenants/zeta').send({ name: 'Zeta %_ GmbH' });
  const endpoint = await agent
    .post('/webhook_endpoints')
    .send({ endpoint_url: 'http://localhost:9/hook/URL-SECRET', events: ['dsync.user.created'] });
  endpointId = (endpoint.body as { id: string }).id;
  await app.database.superuser(
    `insert into events (id, event, tenant_id, data, created_at, source, position, parked_at, parked_reason) values
      ('event_sent', 'dsync.user.created', 'acme', '{"email": "PAYLOAD"}', now(), 'feed', 900001, null, null),
      ('event_parked', 'connection.activated', null, '{"x": "PAYLOAD"}', now(), 'feed', null, now(), 'could not be applied'),
      ('event_bad', 'connection.activated', null, '{"x": "PAYLOAD"}', now(), 'feed', null, now(), 'could not be applied')`,
  );
  await app.database.superuser(
    `insert into webhook_messages (endpoint_id, event_id, state) values ($1, 'event_sent', 'failed')`,
    [endpointId],
  );
  await app.database.superuser(
    `insert into portal_launches (id, tenant_id, client_id, user_id, intent, mode, ticket_sha256, role_source,
       needs_signed_in_user, return_page, it_contact_emails, expires_at)
     values ('pl_1', 'acme', 'billing', 'grace', 'sso', 'redirect', 'x', 'token', false, true, '{person@PAYLOAD.example}', now())`,
  );
  ada = await openConsole(app);
});

describe('a search for a tenant', () => {
  it.each([
    ['acme', 'acme'],
    ['ACME.example', 'acme'],
    ['söhne', 'acme'],
    ['%_', 'zeta'],
    ['zet', 'zeta'],
    ['Zeta', 'zeta'],
  ])(
    'finds by id, its beginning, a domain or a part of the name, whatever it contains: %s',
    async (text, id) => {
      const { text: html } = await ada.get(`/tenants?q=${encodeURIComponent(text)}`);

      expect(
        [...html.matchAll(/href="\/console\/tenants\/([^"?]+)"/g)].map(([, one]) => one),
      ).toEqual([id]);
    },
  );

  it('finds by the organization, and by status', async () => {
    const [row] = await app.database.superuser<{ organization_id: string }>(
      `select organization_id from tenants where id = 'acme'`,
    );

    expect((await ada.get(`/tenants?q=${row?.organization_id ?? ''}`)).text).toContain(
      'Acme &amp; Söhne',
    );
    expect((await ada.get('/tenants?status=orphaned')).text).toContain('There is no tenant.');
  });
});

describe('a page', () => {
  it('shows a tenant with its state and what happened to it, and records whose page was looked at', async () => {
    const { text } = await ada.get('/tenants/acme');

    expect(text).toContain('Acme &amp; Söhne');
    expect(text).toContain('acme.example (pending)');
    expect(text).toContain('putTenant');
    expect(text).toMatch(
      /class="state plain">Note<.*Gatehouse has not read.*<code>gatehouse why acme --live<\/code>/s,
    );
    expect((await auditOf('console look')).at(-1)).toMatchObject({
      user_id: 'console:ada',
      tenant_id: 'acme',
      details: { page: 'tenant', id: 'acme' },
    });
  });

  it('records the filters it read, and no other parameter', async () => {
    await ada.get('/tenants?q=acme&q=harmless&page=overview&session=cs_0&id=zeta&workos_status=x');
    const junk = Array.from('abcdefghijkl')
      .map((name) => `${name}=1`)
      .join('&');
    await ada.get(`/audit?${junk}&user=alice&id=zeta`);

    const [search, audit] = (await auditOf('console look')).slice(-2);
    const row = { session: expect.stringMatching(/^cs_\w{32}$/) as unknown, user_asserted: true };
    expect(search?.details).toEqual({ ...row, page: 'tenants', filters: { q: 'acme' } });
    expect(audit?.details).toEqual({ ...row, page: 'audit trail', filters: { user: 'alice' } });
  });

  it('is 400, without an error in the log, for a place in the timeline that no page linked to', async () => {
    const before = app.logs.length;
    for (const places of [
      'x',
      { audit: ['x', 'y'] },
      { audit: ['\0', '1'] },
      { events: ['1e9'] },
    ]) {
      const older = Buffer.from(JSON.stringify(places)).toString('base64url');
      expect([places, (await ada.get(`/tenants/acme?older=${older}`)).status]).toEqual([
        places,
        400,
      ]);
    }

    expect(app.logs.slice(before).filter((line) => /"level":[56]0/.test(line))).toEqual([]);
  });

  it('has room for a place in every source of the timeline', async () => {
    const key = ['2026-11-28 22:00:00.123456+00', '1'.repeat(18)];
    const places = { audit: key, launches: [key[0], 'pl_'.padEnd(35, '0')], events: ['9'] };
    const older = Buffer.from(JSON.stringify({ ...places }))
      .toString('base64url')
      .padEnd(400, '=');

    expect((await ada.get(`/tenants/acme?older=${older}`)).status).toBe(200);
  });

  it('shows no secret, ticket, payload, e-mail address or path of an endpoint', async () => {
    const paths = [
      ...['', '/tenants', '/tenants/acme', '/clients', '/clients/billing', '/deliveries'],
      ...[
        `/deliveries/${endpointId}`,
        '/events',
        '/events/event_sent',
        '/events/event_parked/drop',
      ],
      ...['/budget', '/audit', '/audit.csv'],
    ];
    const secret = key.split('_').slice(2).join('_');
    for (const path of paths) {
      const { status, text } = await ada.get(path);
      expect([path, status]).toEqual([path, 200]);
      for (const hidden of [secret, 'PAYLOAD', 'URL-SECRET', app.config.workos.apiKey.reveal()])
        expect(text).not.toContain(hidden);
    }
  });

  it('is 404 for what does not exist, and for ids that cannot', async () => {
    for (const path of [
      '/tenants/nobody',
      '/tenants/%00',
      '/clients/nobody',
      '/events/none',
      '/deliveries/we_0',
      '/tenants/%ff',
      '/tenants/a/b',
    ])
      expect([path, (await ada.get(path)).status]).toEqual([path, 404]);
  });

  it('leads from a page that does not exist to the overview', async () => {
    expect((await ada.get('/tenants/nobody')).text).toContain(
      '<a href="/console">Go to the overview</a>',
    );
  });

  it('lists a client’s rights and its keys by their beginning', async () => {
    const { text } = await ada.get('/clients/billing');

    expect(text).toContain('portal:launch');
    expect(text).toContain(`gh_${key.split('_')[1] ?? ''}_…`);
  });

  it('names what is wrong now', async () => {
    const { text } = await ada.get('');

    expect(text).toContain('2 events are parked.');
    expect(text).toContain('1 webhook endpoint fails.');
    expect(text).toContain('No worker leads');
  });
});

describe('a button', () => {
  it('delivers an event again, and records it in the same transaction', async () => {
    const res = await ada.post('/deliveries/replay', { endpoint: endpointId, event: 'event_sent' });

    expect(res.headers.location).toBe(`/console/deliveries/${endpointId}?done=queued`);
    expect(await app.database.superuser('select state from webhook_messages')).toEqual([
      { state: 'pending' },
    ]);
    expect(await auditOf('console replay')).toEqual([
      expect.objectContaining({
        user_id: 'console:ada',
        details: { webhook_endpoint: endpointId, event_id: 'event_sent', user_asserted: true },
      }),
    ]);
  });

  it('delivers all events again that were missed, and says when there is none', async () => {
    await app.database.superuser(`update webhook_messages set state = 'failed'`);
    const post = () => ada.post('/deliveries/replay-missed', { endpoint: endpointId });

    const [first, second] = [await post(), await post()];

    expect(first.headers.location).toBe(`/console/deliveries/${endpointId}?done=all`);
    expect(second.headers.location).toBe(`/console/deliveries/${endpointId}?done=none`);
    expect(await app.database.superuser('select state from webhook_messages')).toEqual([
      { state: 'pending' },
    ]);
    expect((await auditOf('console replay missed'))[0]).toMatchObject({
      user_id: 'console:ada',
      details: { webhook_endpoint: endpointId, missed: true },
    });
  });

  it('does not deliver an event that the client may not read', async () => {
    await app.database.superuser(`update clients set tenants = '{zeta}' where id = 'billing'`);

    const res = await ada.post('/deliveries/replay', { endpoint: endpointId, event: 'event_sent' });

    expect(res.headers.location).toMatch(/done=nothing$/);
  });

  it('shows a notice of its own only, whatever the address says', async () => {
    const [plain, foreign] = [await ada.get('/events'), await ada.get('/events?done=constructor')];

    const noticesOf = ({ text }: { readonly text: string }) => text.split('class="notice').length;
    expect([foreign.status, noticesOf(foreign)]).toEqual([200, noticesOf(plain)]);
    expect(noticesOf(await ada.get('/events?done=dropped'))).toBeGreaterThan(noticesOf(plain));
  });

  it('retries and drops parked events, once', async () => {
    expect((await ada.post('/events/retry', { event: 'event_parked' })).status).toBe(303);
    expect((await ada.post('/events/drop', { event: 'event_bad' })).status).toBe(303);
    expect((await ada.post('/events/drop', { event: 'event_bad' })).status).toBe(404);

    expect(
      await app.database.superuser(
        `select id, parked_at is null as waits, parked_reason from events where position is null order by id`,
      ),
    ).toEqual([
      { id: 'event_bad', waits: false, parked_reason: 'dropped by an operator' },
      { id: 'event_parked', waits: true, parked_reason: null },
    ]);
    expect((await auditOf('console retry event')).length).toBe(1);
    expect((await auditOf('console drop event')).length).toBe(1);
  });

  it('does nothing for GET, or at an unknown path', async () => {
    expect((await ada.get('/events/drop?event=event_parked')).status).toBe(404);
    expect((await ada.post('/tenants/acme')).status).toBe(404);
  });
});

describe('the audit trail', () => {
  it('is filtered by tenant, operation and time', async () => {
    const { text } = await ada.get('/audit?tenant=acme&operation=putTenant&since=2020-01-01');
    const none = await ada.get('/audit?tenant=acme&until=2020-01-01%2010:00');
    const wrong = await ada.get('/audit?since=yesterday');

    expect(text).toContain('putTenant');
    expect(text).not.toContain('/console/tenants/zeta');
    expect(none.text).toContain('No entry matches.');
    expect(wrong.text).toMatch(
      /<title>Since is not a time\. Audit trail .*name="since" [^>]*aria-invalid="true" aria-describedby="result"/s,
    );
  });

  it('is exported with the same filters, and formulas in it are harmless', async () => {
    await app.database.superuser(
      `insert into audit_trail (operation, outcome, user_id, tenant_id, request_id, details)
       values ('testFormula', 'succeeded', '=cmd()', 'acme', 'r', '{"a": "b,\\"c"}')`,
    );

    const { headers, text } = await ada.get('/audit.csv?operation=testFormula');

    expect(headers['content-disposition']).toBe('attachment; filename="audit-trail.csv"');
    expect(text.split('\r\n')).toEqual([
      'at,operation,outcome,client_id,user_id,tenant_id,request_id,details',
      expect.stringMatching(
        /^[\d-]+T[\d:.]+Z,testFormula,succeeded,,'=cmd\(\),acme,r,"\{""a"":""b,\\""c""\}"$/,
      ),
      '',
    ]);
  });

  it('is exported without formulas behind a semicolon, which ends a cell in many countries', async () => {
    const userId = `ada;=cmd|'calc'!A0`;
    await app
      .as(await app.createClient())
      .put(`/v1/tenants/acme/it-admins/${encodeURIComponent(userId)}`)
      .send({ state: 'denied' })
      .expect(201);

    const { text } = await ada.get('/audit.csv?operation=putItAdmin&tenant=acme');

    expect(text).toContain('ada;');
    expect(text).not.toContain(';=');
  });
});

describe('csvLine', () => {
  it.each(['a;=1', 'a;b\t+1', 'a\n@x', '\uff1d1', 'a;\uff0d1'])(
    'makes %j harmless where cells end with a semicolon',
    (cell) => {
      const cells = csvLine([cell]).split(/[;\t\r\n]/);

      expect(cells.filter((one) => /^"?[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(one))).toEqual([]);
    },
  );

  it.each(['=1', '+1', '-1', '@x', '\tx', '\rx'])('makes %j harmless', (cell) => {
    expect(csvLine([cell])).toMatch(/^"?'/);
  });
});

describe('matchPath', () => {
  it.each([
    ['/tenants', '/tenants', ''],
    ['/tenants/:id', '/tenants/a%2Fb', 'a/b'],
    ['/tenants/:id', '/tenants/', undefined],
    ['/tenants/:id', '/tenants/a/b', undefined],
    ['/events/:id/drop', '/events/x/drop', 'x'],
    ['/events/:id/drop', '/events//drop', undefined],
    ['/tenants/:id', '/tenants/%ff', undefined],
  ])('%s and %s give %p', (pattern, path, id) => {
    expect(matchPath(pattern, path)).toBe(id);
  });
});
