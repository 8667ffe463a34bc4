import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SMTPServerOptions } from 'smtp-server';
import { senderFinding } from '../../src/cli/doctor/mail.ts';
import { freePort } from '../../src/dev/embedded-postgres.ts';
import { makeCertificate } from '../support/certificate.ts';
import { startMailServer, type MailServer } from '../support/mail-server.ts';
import { findingsOf, useDoctor } from './doctor-setup.ts';

useDoctor();

/** Reaches this machine, and is no loopback address, so TLS is required. */
const ELSEWHERE = '0.0.0.0';
const PASSWORD = 'LEAKED:/?#@%';
const authority = makeCertificate({ address: [0, 0, 0, 0], authority: true });
const certificate = makeCertificate({ address: [0, 0, 0, 0], issuer: authority });
const known = getCACertificates();
const servers: MailServer[] = [];
const start = async (options?: SMTPServerOptions): Promise<number> => {
  const server = await startMailServer(options);
  servers.push(server);
  return server.port;
};

const withPassword: SMTPServerOptions = {
  authOptional: false,
  onAuth: ({ username, password }, _session, done) => {
    if (username === 'ada@acme.com' && password === PASSWORD) done(null, { user: 'ada' });
    else done(new Error(`no, ${password ?? ''}`));
  },
};
const starttls = { ...withPassword, ...certificate, disabledCommands: [] };
const user = `${encodeURIComponent('ada@acme.com')}:${encodeURIComponent(PASSWORD)}`;
const check = (url: string, from = 'no-reply@acme.example') =>
  findingsOf('mail server', { SMTP_URL: url, MAIL_FROM: from });

beforeAll(() => {
  setDefaultCACertificates([...known, authority.cert]);
});
afterAll(async () => {
  setDefaultCACertificates(known);
  await Promise.all(servers.map((server) => server.stop()));
});

describe('gatehouse doctor, of a mail server that is well', () => {
  it('signs in by STARTTLS with special characters in the password, and sends nothing', async () => {
    const port = await start(starttls);

    expect(await check(`smtp://${user}@${ELSEWHERE}:${port}`)).toEqual([
      {
        check: 'mail server',
        level: 'ok',
        says: `${ELSEWHERE}:${port} accepts the connection with TLS, and the user; MAIL_FROM is no-reply@acme.example`,
      },
    ]);
    expect(servers.at(-1)?.raw).toEqual([]);
  });

  it('signs in by TLS from the first byte', async () => {
    const port = await start({ ...starttls, secure: true });

    expect(await check(`smtps://${user}@${ELSEWHERE}:${port}`)).toMatchObject([{ level: 'ok' }]);
  });

  it('needs no TLS with tls=none', async () => {
    const port = await start();

    expect(await check(`smtp://${ELSEWHERE}:${port}?tls=none`)).toMatchObject([
      { level: 'ok', says: expect.stringContaining('without TLS') },
    ]);
  });
});

describe('gatehouse doctor, of mail settings that do not work', () => {
  it.each([
    ['nothing listens there', freePort, 'smtp://', /nothing listens there/, /host and port/],
    ['it lacks STARTTLS', start, 'smtp://', /offers no TLS/, /tls=none/],
    ['it begins without TLS', () => start(starttls), 'smtps://', /offers no TLS/, /port 587/],
    [
      'its certificate is of a stranger',
      () => start({ ...makeCertificate({ address: [0, 0, 0, 0] }), disabledCommands: [] }),
      'smtp://',
      /signed by no known authority/,
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      'the password is wrong',
      () => start(starttls),
      'smtp://ada%40acme.com:LEAKED@',
      /does not accept the user or the password/,
      /%40/,
    ],
  ] as const)('says what to do when %s', async (_title, open, before, says, remedy) => {
    const findings = await check(`${before}${ELSEWHERE}:${await open()}`);

    expect(findings).toEqual([
      {
        check: 'mail server',
        level: 'fault',
        says: expect.stringMatching(says),
        remedy: expect.stringMatching(remedy),
      },
    ]);
    expect(JSON.stringify(findings)).not.toContain('LEAKED');
  });

  it('says that the host does not resolve', async () => {
    expect(await check('smtp://mail.invalid')).toMatchObject([
      { says: 'mail.invalid:587 cannot be reached: its host name does not resolve (ENOTFOUND)' },
    ]);
  });

  it('warns of a sender without a server', async () => {
    expect(await findingsOf('mail server', { MAIL_FROM: 'a@acme.example' })).toMatchObject([
      { level: 'warning', remedy: 'Set SMTP_URL, or remove MAIL_FROM.' },
    ]);
  });

  it('leaves invalid settings to the check of settings', async () => {
    expect(await check('smtp://user:pa/ss@mail.example')).toMatchObject([{ level: 'skipped' }]);
    expect(
      await findingsOf('settings', { SMTP_URL: 'smtp://user:pa/ss@mail.example' }),
    ).toMatchObject([{ level: 'fault', says: expect.stringContaining('/ is %2F') }]);
  });
});

describe('the domain of MAIL_FROM', () => {
  const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

  it.each([
    ['has an SPF record', () => Promise.resolve([['v=spf1 ', '-all']]), 'ok'],
    ['has other records only', () => Promise.resolve([['x']]), 'warning'],
    ['does not exist', failing('ENOTFOUND'), 'warning'],
  ])('%s', async (_title, resolve, level) => {
    expect(await senderFinding('acme.example', resolve)).toMatchObject({ level });
  });

  it('is left alone without DNS', async () => {
    await expect(senderFinding('acme.example', failing('ETIMEOUT'))).rejects.toThrow(
      'DNS does not answer for acme.example',
    );
  });
});
