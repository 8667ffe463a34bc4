/** Servers that answer badly, or not at all. */
import type { LookupAddress } from 'node:dns';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Certificate } from './certificate.ts';

export type Serve = (socket: Socket) => void;

interface BadServers {
  /** @returns the port, on 127.0.0.1 */
  listen(serve: Serve, tls?: Certificate): Promise<number>;
  stop(): Promise<void>;
}

export function badServers(): BadServers {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  return {
    async listen(serve, tls) {
      const accept = (socket: Socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
        serve(socket);
      };
      const server = tls ? createTlsServer(tls, accept) : createServer(accept);
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return (server.address() as AddressInfo).port;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((one) => new Promise((resolve) => one.close(resolve))));
    },
  };
}

/** Reads, and never answers. */
export const silent: Serve = (socket) => {
  socket.resume();
};

export const onRequest =
  (act: Serve): Serve =>
  (socket) => {
    socket.once('data', () => {
      act(socket);
    });
  };

/** Writes this as soon as a request comes, and leaves the connection open. */
export const answering = (...parts: readonly (string | Buffer)[]): Serve =>
  onRequest((socket) => {
    for (const part of parts) socket.write(part);
  });

/** A resolver that knows these names: the addresses of each, or the code of an error. */
export const resolving =
  (names: Readonly<Record<string, string | readonly string[]>>) =>
  (
    hostname: string,
    done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
  ): void => {
    const found = names[hostname] ?? 'ENOTFOUND';
    const error = typeof found === 'string' ? new Error(`getaddrinfo ${found} ${hostname}`) : null;
    const addresses = typeof found === 'string' ? [] : found;
    done(
      error && Object.assign(error, { code: String(found), hostname }),
      addresses.map((address) => ({ address, family: 4 })),
    );
  };
