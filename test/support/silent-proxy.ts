import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Imitates a frozen server: accepts connections and sends nothing, until it is told to forward them. */
export interface SilentProxy {
  readonly port: number;
  /** The number of connections so far. */
  readonly connections: () => number;
  /** Forwards all connections to this port from now on, open ones too. */
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
