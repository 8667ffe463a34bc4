import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Task } from '../../src/core/repeating-task.ts';
import { startMailer } from '../../src/portal/mail/mailer.ts';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import { startMailServer } from '../support/mail-server.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';
import { askWhy } from '../support/why.ts';

const server = await startMailServer();
const gatehouse = useGatehouse({
  env: {
    SMTP_URL: `smtp://127.0.0.1:${server.port}`,
    MAIL_FROM: 'Acme Cloud <no-reply@cloud.example>',
    BRAND_NAME: 'Acme Cloud',
  },
});
let client: TestClient;
let admin: string;
let mailers: Task[] = [];
let start: () => Task;
const outcomes: string[] = [];

interface Launch {
  readonly id: string;
  readonly url: string;
  readonly mail: string | null;
  readonly mail_reason: string | null;
}

const create = (fields: object, headers: Record<string, string> = {}) =>
  gatehouse
    .as(client, admin)
    .post('/v1/portal-launches')
    .set(headers)
    .send({ tenant_id: 'acme', intent: 'sso', ...fields });

const invite = async (to: string, fields: object = {}): Promise<Launch> =>
  (await create({ send_to: to, ...fields }).expect(201)).body as Launch;

const launchOf = async ({ id }: Launch): Promise<Launch> =>
  (await gatehouse.as(client).get(`/v1/portal-launches/${id}`)).body as Launch;

async function ended(launch: Launch): Promise<Launch> {
  await waitFor(async () => (await launchOf(launch)).mail !== 'queued', { withinMs: 20_000 });
  return launchOf(launch);
}

beforeAll(async () => {
  client = await gatehouse.createClient();
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
  await gatehouse.provision('hooli');
  // Two processes, which look for mails at the same times.
  const deps = {
    ...gatehouse.config,
    db: gatehouse.database.db,
    logger: pino({ level: 'silent' }),
    onTaskRun: () => undefined,
    isReady: () => true,
    onMail: (outcome: string) => void outcomes.push(outcome),
    everyMs: 20,
    pauses: [0, 0],
  };
  start = () => startMailer(deps);
  mailers = [start(), start()];
});
afterAll(async () => {
  await Promise.all(mailers.map((mailer) => mailer.stop()));
  await server.stop();
});

describe('a launch with send_to', () => {
  it('sends the link once, in the language asked for', async () => {
    const launch = await invite('Ada@acme.com', { locale: 'de-AT' });
    expect(launch).toMatchObject({ mode: 'confirm', mail: 'queued', mail_reason: null });

    expect(await ended(launch)).toMatchObject({ mail: 'sent', mail_reason: null });
    const mails = await server.to('ada@acme.com');

    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      from: { name: 'Acme Cloud', address: 'no-reply@cloud.example' },
      to: [{ address: 'ada@acme.com' }],
      subject: expect.stringMatching(/^Acme Cloud: .* für Tenant acme$/),
      messageId: `<${launch.id}@cloud.example>`,
      date: expect.any(String),
      text: expect.stringContaining(`${launch.url}&lang=de`),
      html: expect.stringContaining(`${launch.url}&amp;lang=de`),
    });
    const headers = Object.fromEntries(
      mails[0]?.headers.map(({ key, value }) => [key, value]) ?? [],
    );
    expect(headers['auto-submitted']).toBe('auto-generated');
    expect(mails[0]?.html).not.toMatch(/<img|src=|url\(/);
  });

  it('is not turned round by the name of a tenant', async () => {
    const name = 'Acme \u202emoc.elpmaxe\u2066';
    await gatehouse.as(client).patch('/v1/tenants/acme').send({ name }).expect(200);
    await ended(await invite('bidi@acme.com'));
    await gatehouse.as(client).patch('/v1/tenants/acme').send({ name: 'Tenant acme' }).expect(200);
    const [mail] = await server.to('bidi@acme.com');

    expect(mail?.subject?.replaceAll('\u200c', '')).toContain('Acme moc.elpmaxe');
    expect(mail?.text).not.toMatch(/[\u202e\u2066]/);
  });

  it.each([
    [
      'holds addresses',
      'Acme https://evil.example/a or www.evil.example, evil\u3002example, http://2130706433/, <eve@evil.example>',
    ],
    ['is encoded as in a header', '=?utf-8?Q?=E2=80=AEmoc?= =?utf-8?B?aHR0cHM6Ly9ldmls?='],
  ])('has no link but its own when the name of the tenant %s', async (_case, name) => {
    await gatehouse.as(client).patch('/v1/tenants/acme').send({ name }).expect(200);
    const launch = await invite(`names-${name.length}@acme.com`);
    await ended(launch);
    await gatehouse.as(client).patch('/v1/tenants/acme').send({ name: 'Tenant acme' }).expect(200);
    const [mail] = await server.to(`names-${name.length}@acme.com`);
    const shown = [mail?.subject, mail?.text, mail?.html]
      .join('\n')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>');

    expect(shown).not.toMatch(/evil[.\u3002]|https?:\/\/(?!gatehouse\.example\.com\/)|eve@|=\?utf/);
    expect(shown.replaceAll('\u200c', '').split(name)).toHaveLength(4);
  });

  it('has a link whose page opens', async () => {
    const launch = await invite('page@acme.com');
    await ended(launch);
    const [mail] = await server.to('page@acme.com');
    const [link = ''] = /https:\/\/\S+/.exec(mail?.text ?? '') ?? [];
    const { search } = new URL(link);

    const page = await gatehouse.anonymous
      .get(`/launch-portal${search}`)
      .set('sec-fetch-mode', 'navigate');

    expect([page.status, page.headers['content-language']]).toEqual([200, 'en']);
  });

  it('is tried again when the server is busy', async () => {
    expect(await ended(await invite('busy-once@acme.com'))).toMatchObject({ mail: 'sent' });
    expect(await server.to('busy-once@acme.com')).toHaveLength(1);
  });

  it.each([
    ['unknown@acme.com', 'address_refused'],
    ['spam@acme.com', 'server_refused'],
  ])('fails for good when the server refuses %s', async (to, reason) => {
    expect(await ended(await invite(to))).toMatchObject({ mail: 'failed', mail_reason: reason });
  });

  it('is in the timeline of the tenant, and among the causes if it failed', async () => {
    await gatehouse.provision('initech');
    const user = await gatehouse.userToken({ tenant_id: 'initech' });
    const inviteThere = async (to: string) => {
      const res = await gatehouse
        .as(client, user)
        .post('/v1/portal-launches')
        .send({ tenant_id: 'initech', intent: 'sso', send_to: to })
        .expect(201);
      await ended(res.body as Launch);
    };

    await inviteThere('hears@initech.com');
    const sent = await askWhy(gatehouse, 'initech');
    await inviteThere('unknown@initech.com');
    const { causes, timeline } = await askWhy(gatehouse, 'initech');

    expect(sent.causes.map(({ cause }) => cause)).not.toContain('portal_mail_not_sent');
    expect(causes).toContainEqual({
      cause: 'portal_mail_not_sent',
      severity: 'warns',
      sentence:
        'The e-mail with the last portal link (sso, for ada) was not sent: the mail server does not accept the address.',
      remedy: expect.stringMatching(/^Ask the IT admin for their address, .*send_to/),
      at: expect.any(String),
    });
    const launches = timeline.filter(({ text }) => text.startsWith('Portal link'));
    expect(launches.map(({ outcome, reason, text }) => [outcome, reason, text])).toEqual([
      [
        'failed',
        'address_refused',
        expect.stringMatching(/, its e-mail failed: the mail server does not accept the address$/),
      ],
      ['started', null, expect.stringMatching(/, its e-mail sent$/)],
    ]);
    expect(JSON.stringify({ causes, timeline })).not.toContain('@');
  });

  it('is not sent once the launch is revoked or the tenant suspended', async () => {
    await Promise.all(mailers.map((mailer) => mailer.stop()));
    const revoked = await invite('revoked@acme.com');
    await gatehouse.as(client).post(`/v1/portal-launches/${revoked.id}/revoke`).expect(200);
    const hooli = await gatehouse.userToken({ tenant_id: 'hooli' });
    const suspended = await gatehouse
      .as(client, hooli)
      .post('/v1/portal-launches')
      .send({ tenant_id: 'hooli', intent: 'sso', send_to: 'suspended@hooli.com' })
      .expect(201);
    await gatehouse.as(client).patch('/v1/tenants/hooli').send({ status: 'suspended' }).expect(200);
    mailers = [start(), start()];

    expect(await ended(revoked)).toMatchObject({ mail: 'failed', mail_reason: 'launch_revoked' });
    expect(await ended(suspended.body as Launch)).toMatchObject({
      mail: 'failed',
      mail_reason: 'tenant_not_active',
    });
    expect(await server.to('revoked@acme.com')).toEqual([]);
    expect(await server.to('suspended@hooli.com')).toEqual([]);
  });

  it('is sent once for an Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'invite-1' };
    const first = await create({ send_to: 'once@acme.com' }, key).expect(201);
    const again = await create({ send_to: 'once@acme.com' }, key);
    await ended(first.body as Launch);

    expect([again.status, (again.body as { code: string }).code]).toEqual([
      409,
      'idempotent_replay',
    ]);
    expect(await server.to('once@acme.com')).toHaveLength(1);
  });

  it.each([
    'ada@acme.com, eve@evil.example',
    'ada@acme.com;eve@evil.example',
    'ada@acme.com\r\nBcc: eve@evil.example',
    'Ada <ada@acme.com>',
    '"a"@acme.com',
    'a@b@acme.com',
    'ada@localhost',
    'ada@[127.0.0.1]',
    'ada@acme.com.',
    'ada @acme.com',
    'ädä@acme.com',
    'ada@äcme.com',
    `${'a'.repeat(65)}@acme.com`,
    '',
  ])('refuses %j, which is not one address', async (to) => {
    const res = await create({ send_to: to });

    expect([res.status, (res.body as { detail: string }).detail]).toEqual([
      422,
      'send_to: must be one e-mail address, such as ada@acme.com',
    ]);
  });

  it('refuses the mode redirect, and a locale without an address', async () => {
    const redirect = await create({ send_to: 'ada@acme.com', mode: 'redirect' });
    const locale = await create({ locale: 'de' });

    expect((redirect.body as { detail: string }).detail).toBe(
      'mode: must be confirm with send_to: mail programs open links by themselves',
    );
    expect((locale.body as { detail: string }).detail).toBe('locale: needs send_to');
  });

  it('is limited to five an hour to an address, however many are asked for at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => create({ send_to: 'bombed@acme.com' })),
    );
    const refused = answers.filter(({ status }) => status === 429);

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(refused).toHaveLength(3);
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(3_000);
  });

  it('leaves the link nowhere', async () => {
    const launch = await invite('secret@acme.com');
    const ticket = new URL(launch.url).searchParams.get('ticket') ?? '';
    const whileQueued = await leaksInDatabase(gatehouse, [ticket]);
    await ended(launch);

    expect(whileQueued).toEqual([]);
    expect(await leaksInDatabase(gatehouse, [ticket])).toEqual([]);
    expect(leaksInLogs(gatehouse, [ticket])).toEqual([]);
    const left = await gatehouse.database.db.query(
      'select 1 from launch_mails where state <> $1 and sealed_url is not null',
      ['queued'],
    );
    expect(left).toEqual([]);
  });
});
