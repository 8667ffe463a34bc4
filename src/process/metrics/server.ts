import { Gauge, type Registry } from 'prom-client';

/** The public port of a gateway; a worker has none. */
export function serverMetrics(registry: Registry) {
  const gauge = (name: string, help: string) => {
    let read: (() => number) | undefined;
    const measured: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        measured.set(read?.() ?? 0);
      },
    });
    return (reader: () => number): void => {
      read = reader;
    };
  };
  return {
    watchConnections: gauge(
      'gatehouse_connections',
      'Connections to the public port that are open.',
    ),
    watchBodies: gauge(
      'gatehouse_request_body_bytes',
      'Bytes of request bodies that are arriving.',
    ),
  };
}
