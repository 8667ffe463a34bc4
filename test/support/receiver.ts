/** A sibling that has events delivered to it. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
}

export interface Receiver {
  readonly url: string;
  /** In the order of their coming. */
  readonly received: Received[];
  /** Connections, also those on which nothing came. */
  readonly connections: () => number;
  /** What is answered. Default: 200. */
  answer: (request: Received, res: ServerResponse) => void;
  on(path: string): Received[];
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  let connections = 0;
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { url: path = '', headers } = req;
      const body = Buffer.concat(chunks).toString('utf8');
      const one = { path, headers, body, at: Date.now() };
      receiver.received.push(one);
      receiver.answer(one, res);
    });
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    connections: () => connections,
    answer: (_request, res) => res.end(),
    on: (path) => receiver.received.filter((one) => one.path === path),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
