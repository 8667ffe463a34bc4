import type { Database } from '../../db/database.ts';
import { createLinkReleaseStore, type LinkReleaseStore } from './link-release-store.ts';
import { createReleaseStore, type ReleaseStore } from './release-store.ts';
import { createReturnStore, type ReturnStore } from './return-store.ts';
import { createLaunchStore, type LaunchStore } from './launch-store.ts';
import { createSetupPageStore, type SetupPageStore } from './setup-page-store.ts';
import { createTicketStore, type TicketStore } from './ticket-store.ts';

export interface PortalStores {
  readonly launches: LaunchStore;
  readonly tickets: TicketStore;
  readonly releases: ReleaseStore;
  readonly linkReleases: LinkReleaseStore;
  readonly returns: ReturnStore;
  readonly setupPages: SetupPageStore;
}

export const createPortalStores = (db: Database): PortalStores => ({
  launches: createLaunchStore(db),
  tickets: createTicketStore(db),
  releases: createReleaseStore(db),
  linkReleases: createLinkReleaseStore(db),
  returns: createReturnStore(db),
  setupPages: createSetupPageStore(db),
});
