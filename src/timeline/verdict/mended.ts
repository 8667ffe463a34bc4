import { timeOf } from '../../core/time.ts';
import type { Facts, Trouble } from './facts.ts';

type Mended = (trouble: Trouble, facts: Facts) => boolean;

/** True if the cause of a failure has been removed, as far as is known now. */
export const isMended: Mended = (trouble, facts) => {
  const mended = MENDED[trouble.reason ?? ''];
  return mended?.(trouble, facts) ?? false;
};

const byClient =
  (isRight: (client: Facts['clients'][number]) => boolean): Mended =>
  ({ clientId }, { clients }) =>
    clients.some((client) => client.id === clientId && isRight(client));

/** WorkOS changed an active connection after the failure: it was activated again, or corrected. */
const byConnection: Mended = ({ at }, { setup }) =>
  setup.connections.some(
    ({ state, since }) => state === 'active' && (timeOf(since)?.getTime() ?? 0) > at.getTime(),
  );

/** A browser came back from the identity provider after the failure. */
const byReturn: Mended = ({ at }, { troubles }) =>
  troubles.some(
    (one) => one.operation === 'callbackSso' && one.outcome === 'returned' && one.at > at,
  );

const byProvider: Mended = (trouble, facts) =>
  byReturn(trouble, facts) || byConnection(trouble, facts);

const MENDED: Readonly<Record<string, Mended>> = {
  access_denied: byReturn,
  signin_consent_denied: byReturn,
  profile_not_allowed_outside_organization: byReturn,
  oauth_failed: byProvider,
  server_error: byProvider,
  other_error: byProvider,
  connection_unlinked: byProvider,
  connection_invalid: byProvider,
  organization_invalid: byProvider,
  ambiguous_connection_selector: byProvider,
  tenant_not_active: (_, { tenant }) => tenant?.status === 'active',
  unknown_client: byClient(({ disabled }) => !disabled),
  client_not_allowed: byClient(({ mayUse }) => mayUse),
  unauthorized_client: byClient(({ mayLogin }) => mayLogin),
};
