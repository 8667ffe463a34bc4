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
  afterAll(() => world.stop());
  return world;
}

/** As `useFaultWorld`, with a gateway that runs during all tests of a file, and the tenant `acme`. */
export function useServingWorld(): { readonly world: FaultWorld; readonly server: Server } {
  const world = {} as FaultWorld;
  const server = {} as Server;
  beforeAll(async () => {
    Object.assign(world, await startFaultWorld());
    Object.assign(server, await serve(world.env));
    await server.ready();
    await world.call(server.url, 'PUT', '/v1/tenants/acme', { name: 'Acme' });
  });
  afterAll(async () => {
    server.child.kill('SIGTERM');
    await server.ended;
    await world.stop();
  });
  return { world, server };
}
