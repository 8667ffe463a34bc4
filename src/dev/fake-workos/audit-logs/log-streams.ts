/** Log streams of organizations. Only the portal creates them. */
import { idOf, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import type { LogStream } from '../state/log-streams.ts';
import { organizationOf } from '../organizations/organizations.ts';
import type { World } from '../state/world.ts';

export const logStreamOperations: readonly Operation[] = [
  { method: 'GET', path: '/organizations/{id}/audit_log_configuration', perform: get },
];

/** Creates the log stream that an IT admin would set up in the portal. */
export function addLogStream(
  world: World,
  organizationId: string,
  given: Partial<LogStream> = {},
): LogStream {
  const stream: LogStream = {
    id: world.newId('als'),
    type: 'Datadog',
    state: 'active',
    last_synced_at: null,
    created_at: world.now().toISOString(),
    ...given,
  };
  world.state.logStreams.set(organizationOf(world, organizationId).id, stream);
  return stream;
}

/** Retention when none was set. */
const DEFAULT_DAYS = 30;

function get(request: ApiRequest, world: World): Reply {
  const { id } = organizationOf(world, idOf(request));
  const stream = world.state.logStreams.get(id);
  const days = world.state.auditLogRetentions.get(id)?.days ?? DEFAULT_DAYS;
  return {
    status: 200,
    body: {
      organization_id: id,
      retention_period_in_days: days,
      state: 'active',
      ...(stream && { log_stream: stream }),
    },
  };
}
