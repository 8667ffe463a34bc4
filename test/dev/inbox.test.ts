import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/core/secret.ts';
import { startInbox, type Inbox } from '../../src/dev/inbox/inbox.ts';
import { startProduct, type Product } from '../../src/dev/product/product.ts';
import { invitation } from '../../src/pages/mail/invitation.ts';
import { createSmtp, type Smtp } from '../../src/portal/mail/smtp.ts';

const directory = mkdtempSync(join(tmpdir(), 'gatehouse-inbox-'));
const LINK = 'http://127.0.0.1:8080/launch-portal?client_id=acme-console&ticket=a=b.c&lang=fr';
let inbox: Inbox;
let product: Product;
let smtp: Smtp;

beforeAll(async () => {
  inbox = await startInbox('127.0.0.1');
  product = await startProduct({
    port: 0,
    host: '127.0.0.1',
    gatehouseUrl: 'http://127.0.0.1:9',
    clientId: 'acme-console',
    clientKey: () => 'key',
    keyDirectory: directory,
    people: [],
    mails: inbox.messages,
  });
  smtp = createSmtp(
    {
      url: new Secret(`smtp://127.0.0.1:${inbox.port}`),
      from: { name: 'Acme Käse <>', address: 'no-reply@acme.example' },
    },
    'gatehouse.example',
  );
});
afterAll(async () => {
  await product.stop();
  await inbox.stop();
  rmSync(directory, { recursive: true });
});

describe('the inbox of gatehouse dev', () => {
  it('keeps an e-mail as the mailer sends it', async () => {
    const mail = invitation('fr', {
      brand: { name: 'Acme Käse', color: '#123456' },
      tenantName: 'Société Générale de l’Été, München und Zürich – très long nom',
      intent: 'sso',
      expiresAt: new Date(),
      url: new Secret(LINK),
    });

    await smtp.send({ to: 'ada@acme.example', messageId: '<1@acme.example>', ...mail });

    expect(inbox.messages()).toEqual([
      {
        from: expect.stringContaining('no-reply@acme.example'),
        to: 'ada@acme.example',
        subject: mail.subject,
        text: expect.stringContaining(LINK),
        receivedAt: expect.any(Date),
      },
    ]);
    expect(inbox.messages()[0]?.text.trim()).toBe(mail.text.replaceAll('\n', '\r\n').trim());
  });

  it('survives a mailer that resets the connection after QUIT, as one that was stopped does', async () => {
    const socket = connect(inbox.port, '127.0.0.1');
    await once(socket, 'data');
    socket.write('QUIT\r\n');
    await once(socket, 'data');

    socket.resetAndDestroy();
    await once(socket, 'close');

    await expect(smtp.verify()).resolves.toBeUndefined();
  });

  it('is a page of the product, with the link, and escaped', async () => {
    await smtp.send({
      ...{ to: 'eve@acme.example', messageId: '<2@acme.example>', subject: '<script>' },
      ...{ text: '.\n..\nno link', html: '<p>no link' },
    });

    const html = await (await fetch(`${product.url}/inbox`)).text();

    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain(`href="${LINK.replaceAll('&', '&amp;')}"`);
    expect(inbox.messages()[0]?.text.trim()).toBe('.\r\n..\r\nno link');
  });
});
