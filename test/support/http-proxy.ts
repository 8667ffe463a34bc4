import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface HttpProxy {
  readonly url: string;
  /** What it was asked, e.g. `CONNECT host:443` or `POST http://host/path`. */
  readonly asked: readonly string[];
  /** The last `Proxy-Authorization`. */
  readonly authorization: () => string | undefined;
  /** Every byte that callers sent through tunnels. */
  readonly bytes: () => Buffer;
  close(): Promise<void>;
}

/** An HTTP proxy whose tunnels all lead to `port` of this machine. Requests without a tunnel get 204. */
export async function startHttpProxy(port: number): Promise<HttpProxy> {
  const asked: string[] = [];
  const sent: Buffer[] = [];
  const sockets = new Set<Socket>();
  let authorization: string | undefined;
  const note = (request: IncomingMessage) => {
    asked.push(`${request.method} ${request.url}`);
    authorization = request.headers['proxy-authorization'];
  };
  const server = createServer((request, response) => {
    note(request);
    request.resume();
    response.writeHead(204).end();
  });
  server.on('connect', (request, socket: Socket) => {
    note(request);
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.on('data', (chunk) => sent.push(chunk));
      socket.pipe(target).pipe(socket);
    });
    for (const one of [socket, target]) {
      sockets.add(one);
      // Either end may reset the connection when a test ends.
      one.on('error', () => one.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    authorization: () => authorization,
    bytes: () => Buffer.concat(sent),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
