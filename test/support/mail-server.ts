import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail server on loopback that keeps what it gets. What it does with a mail, the address says: `busy-once@…`. */
export interface MailServer {
  readonly port: number;
  readonly raw: readonly string[];
  /** All mails to an address. */
  to(address: string): Promise<Email[]>;
  stop(): Promise<void>;
}

export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const raw: { readonly to: string; readonly text: string }[] = [];
  const busy = new Set<string>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      if (address.startsWith('unknown')) done(refusal(550, `no mailbox ${address}`));
      else if (address.startsWith('busy-once') && !busy.has(address)) {
        busy.add(address);
        done(refusal(451, 'greylisted'));
      } else done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join(' ');
        raw.push({ to, text: Buffer.concat(chunks).toString() });
        done(to.startsWith('spam') ? refusal(554, 'looks like spam') : undefined);
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    get raw() {
      return raw.map(({ text }) => text);
    },
    to: (address) =>
      Promise.all(raw.filter(({ to }) => to === address).map(({ text }) => PostalMime.parse(text))),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const refusal = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode });
