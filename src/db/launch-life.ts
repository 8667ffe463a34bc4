import { columnsOf } from './columns.ts';
import { portalLaunches } from './schema/portal.ts';

/** The times of a portal launch, and its e-mail. A time is null until it happens. */
export interface LaunchLife {
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly openedAt: Date | null;
  readonly redirectedAt: Date | null;
  readonly returnedAt: Date | null;
  readonly configuredAt: Date | null;
  readonly failedAt: Date | null;
  readonly revokedAt: Date | null;
  /** The e-mail with its link. Null if there is none. */
  readonly mail: {
    readonly state: 'queued' | 'sent' | 'failed';
    readonly reason: string | null;
  } | null;
}

const TIMES = columnsOf(portalLaunches, {
  alias: 'l',
  only: [
    'createdAt',
    'expiresAt',
    'openedAt',
    'redirectedAt',
    'returnedAt',
    'configuredAt',
    'failedAt',
    'revokedAt',
  ],
});

/** SQL: the columns of a `LaunchLife`, from `portal_launches l`. */
export const LAUNCH_LIFE = `${TIMES},
  (select json_build_object('state', m.state, 'reason', m.reason) from launch_mails m where m.launch_id = l.id) as mail`;
