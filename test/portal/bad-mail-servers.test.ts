import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { pino } from 'pino';
import { Secret } from '../../src/core/secret.ts';
import type { Task } from '../../src/core/repeating-task.ts';
import { startMailer } from '../../src/portal/mail/mailer.ts';
import { createSmtp } from '../../src/portal/mail/smtp.ts';
import { badServers, type Serve } from '../support/bad-servers.ts';
import { startMailServer } from '../support/mail-server.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';

const good = await startMailServer();
const servers = badServers();
const gatehouse = useGatehouse({
  env: { SMTP_URL: `smtp://127.0.0.1:${good.port}`, MAIL_FROM: 'no-reply@cloud.example' },
});
let client: TestClient;
let admin: string;
const running: Task[] = [];

interface Launch {
  readonly id: string;
  readonly mail: string;
  readonly mail_reason: string | null;
}

beforeAll(async () => {
  client = await gatehouse.createClient();
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});
afterAll(() => Promise.all([good.stop(), servers.stop()]));

/** A worker that sends to this server, and tries again after an hour. */
function mailer(url: string): Task {
  const task = startMailer({
    ...gatehouse.config,
    mail: { url: new Secret(url), from: { name: '', address: 'no-reply@cloud.example' } },
    db: gatehouse.database.db,
    logger: pino({ level: 'silent' }),
    isReady: () => true,
    onMail: () => undefined,
    everyMs: 20,
    pauses: [3_600],
  });
  running.push(task);
  return task;
}

async function invite(to: string): Promise<Launch> {
  const res = await gatehouse
    .as(client, admin)
    .post('/v1/portal-launches')
    .send({ tenant_id: 'acme', intent: 'sso', send_to: to })
    .expect(201);
  return res.body as Launch;
}

const launchOf = async ({ id }: Launch): Promise<Launch> =>
  (await gatehouse.as(client).get(`/v1/portal-launches/${id}`)).body as Launch;

/** Waits for the first attempt. */
async function outcomeOf(launch: Launch): Promise<Pick<Launch, 'mail' | 'mail_reason'>> {
  await waitFor(async () => {
    const { mail, mail_reason: reason } = await launchOf(launch);
    return mail !== 'queued' || reason !== null;
  });
  const { mail, mail_reason } = await launchOf(launch);
  return { mail, mail_reason };
}

type Replies = Readonly<Record<string, string | ((socket: Socket) => void)>>;

const say = (socket: Socket, reply: Replies[string]) => {
  if (typeof reply === 'string') socket.write(`${reply}\r\n`);
  else reply(socket);
};

/** A mail server that speaks to everybody alike, but for these replies: to a command, `greeting` or `end` of the mail. */
const speaking =
  (replies: Replies): Serve =>
  (socket) => {
    const usual: Replies = { DATA: '354 go on', ...replies };
    let left = '';
    let isMail = false;
    say(socket, usual.greeting ?? '220 hello');
    socket.on('data', (bytes: Buffer) => {
      const lines = `${left}${bytes.toString()}`.split('\r\n');
      left = lines.pop() ?? '';
      for (const line of lines) {
        const command = isMail ? (line === '.' ? 'end' : undefined) : line.slice(0, 4);
        isMail = command === 'DATA' || (isMail && command !== 'end');
        if (command !== undefined) say(socket, usual[command] ?? '250 fine');
      }
    });
  };

const PLAIN = '127.0.0.1';
/** This machine too, but not by the name that needs no encryption. */
const ENCRYPTED = '0.0.0.0';
const drop = (socket: Socket) => void socket.resetAndDestroy();

describe('a mail server that refuses', () => {
  it.each<[string, Replies, string, string, string?]>([
    ['everybody', { greeting: '554 closed' }, 'failed', 'server_refused'],
    ['everybody for now', { greeting: '421 closed' }, 'queued', 'server_busy'],
    ['the sender', { MAIL: '550 not yours' }, 'queued', 'sender_refused'],
    ['a sender who has not signed in', { MAIL: '530 sign in' }, 'queued', 'sender_refused'],
    ['the address', { RCPT: '550 nobody' }, 'failed', 'address_refused'],
    ['the address for now', { RCPT: '452 full' }, 'queued', 'server_busy'],
    ['the mail before it is sent', { DATA: '554 no' }, 'failed', 'server_refused'],
    ['the mail', { end: '552 spam' }, 'failed', 'server_refused'],
    ['the mail for now', { end: '451 later' }, 'queued', 'server_busy'],
    ['by a word that is no reply', { end: 'maybe' }, 'queued', 'server_unreachable'],
    ['by ending the connection after the mail', { end: drop }, 'queued', 'server_unreachable'],
    ['STARTTLS', { STAR: '502 no' }, 'queued', 'tls_failed', ENCRYPTED],
    [
      'TLS after it was agreed',
      {
        STAR(socket) {
          socket.write('220 go on\r\n');
          socket.once('data', () => socket.write('250 fine\r\n'));
        },
      },
      'queued',
      'tls_failed',
      ENCRYPTED,
    ],
    [
      'by a reply without end',
      { greeting: (socket) => socket.write('220-x\r\n'.repeat(100_000)) },
      'queued',
      'server_says_too_much',
    ],
  ])('%s', async (_case, replies, mail, reason, host = PLAIN) => {
    mailer(`smtp://${host}:${await servers.listen(speaking(replies))}`);
    const launch = await invite(`${Math.random().toString(36).slice(2)}@acme.com`);

    expect(await outcomeOf(launch)).toEqual({ mail, mail_reason: reason });
  });

  it('nothing of a mail that it took, though it then ends the connection', async () => {
    const replies: Replies = {
      end: (socket) => {
        socket.write('250 taken\r\n');
        socket.resetAndDestroy();
      },
    };
    mailer(`smtp://${PLAIN}:${await servers.listen(speaking(replies))}`);

    expect(await outcomeOf(await invite('taken@acme.com'))).toEqual({
      mail: 'sent',
      mail_reason: null,
    });
  });
});

describe('a mail server that hangs', () => {
  const never = () => undefined;

  it.each<[string, Replies]>([
    ['before it greets', { greeting: never }],
    ['at EHLO', { EHLO: never }],
    ['at MAIL', { MAIL: never }],
    ['at the end of the mail', { end: never }],
  ])('%s is too slow, not unreachable', async (_when, replies) => {
    const url = new Secret(`smtp://${PLAIN}:${await servers.listen(speaking(replies))}`);
    const from = { name: '', address: 'no-reply@cloud.example' };
    const smtp = createSmtp({ url, from }, 'gatehouse.test', { waitMs: 100, totalMs: 100 });
    const mail = { to: 'ada@acme.com', subject: 's', text: 't', html: 'h', messageId: '<1@x>' };

    await expect(smtp.send(mail)).rejects.toMatchObject({
      reason: 'server_too_slow',
      temporary: true,
    });
  });
});

describe('a mail that a process has begun to send', () => {
  it('is sent by another one when the first has died, and the first does not undo that', async () => {
    const reached = Promise.withResolvers<Socket>();
    const stuck = mailer(
      `smtp://${PLAIN}:${await servers.listen(speaking({ end: reached.resolve }))}`,
    );
    const launch = await invite('ada@acme.com');
    const hanging = await reached.promise;
    await gatehouse.database.superuser(
      `update launch_mails set due_at = now() where launch_id = $1`,
      [launch.id],
    );
    mailer(`smtp://${PLAIN}:${good.port}`);
    const sent = await waitFor(async () => {
      const now = await launchOf(launch);
      return now.mail === 'sent' && now;
    });
    hanging.write('554 never mind\r\n');
    await stuck.stop();

    expect(sent.mail_reason).toBeNull();
    expect(await launchOf(launch)).toMatchObject({ mail: 'sent', mail_reason: null });
    expect(await good.to('ada@acme.com')).toHaveLength(1);
  });

  it('is ended before the process ends', async () => {
    const reached = Promise.withResolvers<Socket>();
    const task = mailer(
      `smtp://${PLAIN}:${await servers.listen(speaking({ end: reached.resolve }))}`,
    );
    const launch = await invite('slow@acme.com');
    const hanging = await reached.promise;
    const stopped = task.stop();
    hanging.write('250 taken\r\n');
    await stopped;

    expect((await launchOf(launch)).mail).toBe('sent');
  });
});
