/** Everything the fake stores, in the shapes of WorkOS's API unless marked. */
import type { AccessState } from './access.ts';
import type { AuditLogState } from './audit-logs.ts';
import type { CodeState } from './codes.ts';
import type { ConnectionState } from './connections.ts';
import type { DirectoryState } from './directories.ts';
import type { FeedEntry } from './events.ts';
import type { LogStreamState } from './log-streams.ts';
import type { MfaState } from './mfa.ts';
import type { OrganizationState } from './organizations.ts';
import type { PortalState } from './portal.ts';
import type { SignInState } from './sign-in.ts';
import type { UserState } from './users.ts';

export interface State
  extends
    AccessState,
    AuditLogState,
    CodeState,
    ConnectionState,
    DirectoryState,
    LogStreamState,
    MfaState,
    OrganizationState,
    PortalState,
    SignInState,
    UserState {
  readonly events: Map<string, FeedEntry>;
}
