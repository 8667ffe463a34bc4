import { afterAll, beforeAll } from '@jest/globals';
import { startFaultWorld, type FaultWorld } from './fault-world.ts';
import { serve, type Server } from './gatehouse-process.ts';

/**
 * Starts Postgres and the fake WorkOS before the tests of a file and stops them after them. Call it once at the top of a
 * file: its fields are there once hooks and tests run.
 *
 * @param start as in `startFaultWorld`
 */
export function useFaultWorld(...start: Parameters<typeof startFaultWorld>): FaultWorld {
  const world = {} as FaultWorld;
  beforeAll(async () => {
    Object.assign(world, await startFaultWorld(...start));
  });
  // Nothing to stop if it has not started.
  afterAll(() => ('stop' in world ? world.stop() : undefined));
  return world;
}

/** As `useFaultWorld`, with a gateway that runs during all tests of a file, and the tenant `acme`. */
export function useServingWorld(): { readonly world: FaultWorld; readonly server: Server } {
  const server = {} as Server;
  // Before the hook that stops the world. Without a child if the gateway has not started.
  afterAll(async () => {
    if (!('child' in server)) return;
    server.child.kill('SIGTERM');
    await server.ended;
  });
  const world = useFaultWorld();
  beforeAll(async () => {
    Object.assign(server, await serve(world.env));
    await server.ready();
    await world.call(server.url, 'PUT', '/v1/tenants/acme', { name: 'Acme' });
  });
  return { world, server };
}
