/** The compared paths with their targets. */
import type { LoadRequest } from './load.ts';
import type { PathTargets } from './table.ts';
import type { World } from './world.ts';

export interface BenchPath {
  readonly title: string;
  readonly targets: PathTargets;
  /** The expected status. */
  readonly expect: number;
  /** @param issuer of the user tokens */
  requests(
    world: World,
    issuer: string,
  ): Promise<(amount: number) => Promise<readonly LoadRequest[]>>;
}

export const PATHS = {
  links: {
    title: 'POST /portal/generate_link',
    targets: { name: 'P1', perSecond: 0.85, cpu: 1.15, fastify: 1.1, stock: 4 },
    expect: 201,
    async requests(world, issuer) {
      const requests = await world.linkRequests(issuer);
      return () => Promise.resolve(requests);
    },
  },
  tickets: {
    title: 'GET /launch-portal?ticket=',
    targets: { name: 'P3', perSecond: 0.85 },
    expect: 303,
    requests: ({ ticketRequests }) => Promise.resolve(ticketRequests),
  },
  authorize: {
    title: 'GET /sso/authorize',
    targets: { name: 'P4', perSecond: 0.75, fastify: 1.2, stock: 2 },
    expect: 302,
    requests: ({ authorizeRequests }) => Promise.resolve(authorizeRequests),
  },
  token: {
    title: 'POST /sso/token',
    targets: { name: 'P5', perSecond: 0.85, stock: 4 },
    expect: 200,
    requests: ({ codeRequests }) => Promise.resolve(codeRequests),
  },
  ingest: {
    title: 'POST /webhooks/workos',
    targets: { name: 'P6', perSecond: 0.85, stock: 3.5 },
    expect: 200,
    requests: ({ webhookRequests }) => Promise.resolve(webhookRequests),
  },
} as const satisfies Record<string, BenchPath>;

export type PathName = keyof typeof PATHS;
