import type { AuditWriter } from '../../audit-trail/writer.ts';
import type { RegistryState } from '../../auth/permission.ts';
import type { TokenSealer } from '../../core/encryption.ts';
import type { ActingUser, Actor, Tenant } from '../../core/identity.ts';
import type { Intent } from '../../core/intents.ts';
import type { KeyedDigests } from '../../core/keyed-digest.ts';
import type { FindClient, RecordEvent, ReportMissingOrganization } from '../../core/ports.ts';
import type { Language } from '../../core/languages.ts';
import type { Answer } from '../../http/answer.ts';
import type { CookieSet } from '../../http/cookie-set.ts';
import type { Secret } from '../../core/secret.ts';
import type { Pages } from '../../pages/pages.ts';
import type { TestedProfile, TestError } from '../../pages/setup-page/test-view.ts';
import type { SetupOverview } from '../../pages/setup-page/view.ts';
import type { Links } from '../link/links.ts';
import type { PortalStores } from '../stores/stores.ts';

export type Headers = Readonly<Record<string, string | undefined>>;

/** The current set-up state of the feature that an intent is about. */
export interface FeatureStatus {
  /** False when WorkOS could not be asked. */
  readonly wasRead: boolean;
  readonly state: 'not_configured' | 'in_progress' | 'active' | 'attention' | 'unknown';
  readonly items: readonly { readonly name: string; readonly state: string }[];
  /** When WorkOS last changed any of it. */
  readonly changedAt: Date | undefined;
  /** True once somebody has signed in through it. */
  readonly isUsed: boolean;
}

/** A login by which an IT admin tests a connection. It signs nobody in. */
export interface SignInTests {
  begin(
    test: {
      readonly launchId: string;
      readonly connectionId: string;
      readonly lang: Language | undefined;
    },
    actor: Actor,
    cookie: string | undefined,
  ): Answer;
  /** The connection that was tested. Undefined if the token is too old, or of another page. */
  connectionOf(token: string, launchId: string): string | undefined;
  /** Exchanges the code of a test, once. `over`: it was exchanged before, is too old or of another page. */
  resultOf(
    token: string,
    asking: {
      readonly launchId: string;
      readonly tenantId: string;
      readonly organizationId: string;
      readonly actor: Actor;
    },
  ): Promise<{ readonly profile: TestedProfile } | { readonly error: TestError } | 'over'>;
}

/** The dependencies of the portal slice. */
export interface PortalDeps extends PortalStores {
  readonly links: Links;
  readonly audit: AuditWriter;
  readonly sealer: TokenSealer;
  readonly pages: Pages;
  /** Encrypts the link of a mail that is queued. Undefined if the deployment sends no mail. */
  readonly sealLink: ((link: Secret) => string) | undefined;
  readonly registry: { stateOf(tenantId: string, userId: string): Promise<RegistryState> };
  readonly findClient: FindClient;
  readonly findTenant: (
    tenantId: string,
  ) => Promise<(Tenant & { readonly name: string }) | undefined>;
  readonly reportMissing: ReportMissingOrganization;
  readonly recordEvent: RecordEvent;
  readonly readStatus: (organizationId: string, intent: Intent) => Promise<FeatureStatus>;
  /** Undefined when nobody is signed in. @throws Problem `invalid-user-token` */
  readonly signedInUser: (headers: Headers) => Promise<ActingUser | undefined>;
  /** True if browsers send the user token in a cookie (`USER_TOKEN_COOKIE`). */
  readonly knowsSignedInUser: boolean;
  /** True if user tokens must name the client they were issued to. */
  readonly requireAuthorizedParty: boolean;
  readonly itAdminRoles: readonly string[];
  /** Cookies with the sessions of setup pages. */
  readonly sessionCookies: CookieSet;
  /** Derives the session of a setup page from its ticket. */
  readonly sessionDigests: KeyedDigests;
  /** Reads what the tenant has set up, from WorkOS if possible. @throws Problem for a tenant that is not usable */
  readonly readSetup: (tenant: Tenant, actor: Actor) => Promise<SetupOverview>;
  /** True if the mirror has this connection of the organization as active. */
  readonly hasActiveConnection: (organizationId: string, connectionId: string) => Promise<boolean>;
  readonly signInTests: SignInTests;
  readonly publicUrl: string;
  readonly development: boolean;
  /** How long the return page waits for WorkOS to show the latest change. */
  readonly returnWaitMs: number;
}
