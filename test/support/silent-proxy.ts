import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A server that takes connections and says nothing, until it is told to: what a frozen one looks like. */
export interface SilentProxy {
  readonly port: number;
  /** How many connections there were so far. */
  readonly connections: () => number;
  /** From now on it leads to this port, also what was connected before. */
  lead(targetPort: number): void;
  stop(): Promise<void>;
}

export async function silentProxy(): Promise<SilentProxy> {
  const sockets = new Set<Socket>();
  const waiting: Socket[] = [];
  let target: number | undefined;
  let count = 0;
  const keep = (socket: Socket, other?: Socket): void => {
    sockets.add(socket);
    socket
      .on('error', () => other?.destroy())
      .on('close', () => (sockets.delete(socket), other?.destroy()));
  };
  const forward = (incoming: Socket, port: number): void => {
    const outgoing = connect(port, '127.0.0.1');
    keep(outgoing, incoming);
    incoming.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
    outgoing.pipe(incoming);
  };
  const server = createServer((incoming) => {
    count += 1;
    keep(incoming);
    if (target === undefined) waiting.push(incoming);
    else forward(incoming, target);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => count,
    lead(port) {
      target = port;
      for (const socket of waiting.splice(0)) if (!socket.destroyed) forward(socket, port);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
