/** Bytes on a socket: for requests that no HTTP client would send. */
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  /** Every status line that came, in order; interim ones (1xx) are not among them. */
  readonly statuses: readonly number[];
  /** Of the first answer, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly text: string;
  /** Whether the server ended the connection. */
  readonly closed: boolean;
}

export interface RawSocket {
  readonly socket: Socket;
  /** What has come so far. */
  readonly text: () => string;
  /** Resolves when the server ends the connection, or after `timeoutMs`. */
  ended(timeoutMs?: number): Promise<RawAnswer>;
  /** Resolves once this has come. */
  saw(text: string, timeoutMs?: number): Promise<void>;
}

export async function openRaw(url: string): Promise<RawSocket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  let closed = false;
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  socket.on('close', () => (closed = true));
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  const until = (isSo: () => boolean, timeoutMs: number) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        socket.off('data', look).off('close', done);
        resolve();
      };
      const look = () => isSo() && done();
      const timer = setTimeout(done, timeoutMs);
      socket.on('data', look).on('close', done);
      if (closed) done();
      else look();
    });
  return {
    socket,
    text: () => text,
    async ended(timeoutMs = 5_000) {
      await until(() => false, timeoutMs);
      socket.destroy();
      return answerOf(text, closed);
    },
    saw: (wanted, timeoutMs = 30_000) => until(() => text.includes(wanted), timeoutMs),
  };
}

/** Sends and waits for the end; the bytes should ask for it, by `Connection: close`. */
export async function exchange(url: string, bytes: string | Buffer): Promise<RawAnswer> {
  const raw = await openRaw(url);
  raw.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  return raw.ended();
}

function answerOf(text: string, closed: boolean): RawAnswer {
  const statuses = [...text.matchAll(/HTTP\/1\.1 ([2-5]\d\d) /g)].map(([, status]) =>
    Number(status),
  );
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const headers = Object.fromEntries(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => {
        const at = line.indexOf(':');
        return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
      }),
  );
  return { statuses, headers, body: rest.join('\r\n\r\n'), text, closed };
}
