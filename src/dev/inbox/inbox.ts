/** A mail server on loopback that delivers nothing: developers read the e-mails on the product's page. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { readMessage, type Message } from './message.ts';

export interface Inbox {
  readonly port: number;
  /** Newest first. */
  readonly messages: () => readonly Message[];
  stop(): Promise<void>;
}

const KEPT = 50;
const LONGEST_BYTES = 1024 * 1024;

export async function startInbox(host: string): Promise<Inbox> {
  const messages: Message[] = [];
  const keep = (source: string) => {
    messages.unshift(readMessage(source));
    messages.length = Math.min(messages.length, KEPT);
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
    void converse(socket, keep).catch(() => socket.destroy());
  }).listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    messages: () => messages,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Implements as much of RFC 5321 as Gatehouse's mailer needs: any sender and recipient is accepted. */
async function converse(socket: Socket, keep: (source: string) => void): Promise<void> {
  const say = (line: string) => socket.write(`${line}\r\n`);
  const lines = createInterface({ input: socket, crlfDelay: Infinity });
  // The interface emits the socket's errors too, also after the loop; unhandled, a reset connection ends the process.
  lines.on('error', () => undefined);
  let data: string[] | undefined;
  say('220 inbox of gatehouse dev');
  for await (const line of lines) {
    if (socket.bytesRead > LONGEST_BYTES) return void socket.destroy();
    if (data === undefined) {
      const [reply, next] = replyTo(line);
      say(reply);
      if (next === 'quit') return void socket.end();
      if (next === 'data') data = [];
    } else if (line === '.') {
      keep(data.join('\r\n'));
      data = undefined;
      say('250 kept');
    } else data.push(line.startsWith('.') ? line.slice(1) : line);
  }
}

function replyTo(line: string): [reply: string, next?: 'data' | 'quit'] {
  switch (line.slice(0, 4).toUpperCase()) {
    case 'DATA':
      return ['354 end with a dot', 'data'];
    case 'QUIT':
      return ['221 bye', 'quit'];
    case 'EHLO':
    case 'HELO':
    case 'MAIL':
    case 'RCPT':
    case 'RSET':
    case 'NOOP':
      return ['250 ok'];
    default:
      return ['502 not known here'];
  }
}
