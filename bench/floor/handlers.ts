import { Secret } from '../../src/core/secret.ts';
import { createTokenSealer } from '../../src/core/encryption.ts';
import { groupedAudit } from './audit.ts';
import { createAuthorize } from './authorize.ts';
import { openFloorDatabase } from './database.ts';
import { createIngest } from './ingest.ts';
import { createLaunch } from './launch.ts';
import { createLookups } from './lookups.ts';
import { createPost } from './post.ts';
import { createPortalLink } from './portal-link.ts';
import { createToken } from './token.ts';

export interface FloorOptions {
  readonly databaseUrl: string;
  readonly workosUrl: string;
  readonly issuer: string;
  readonly sealingKey: string;
  /** Secret of WorkOS's webhook. */
  readonly webhookSecret: string;
}

/** What the floor and Fastify do for a request, whatever reads the request and writes the response. */
export function floorHandlers(options: FloorOptions) {
  const { databaseUrl, workosUrl, issuer, sealingKey, webhookSecret } = options;
  const query = openFloorDatabase(databaseUrl);
  const post = createPost(workosUrl);
  const lookups = createLookups(query, issuer);
  const sealer = createTokenSealer([new Secret(sealingKey)]);
  const deps = { query, post, lookups, sealer, audit: groupedAudit(query) };
  return {
    portalLink: createPortalLink(deps),
    launch: createLaunch(deps),
    authorize: createAuthorize(lookups, sealer, workosUrl),
    token: createToken(deps),
    ingest: createIngest(query, webhookSecret),
  };
}
