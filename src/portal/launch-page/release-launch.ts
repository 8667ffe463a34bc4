import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../core/problem.ts';
import {
  changedMeanwhile,
  launchGone,
  requireMintable,
  setupPageClosed,
} from '../link/launch-permission.ts';
import type { PortalDeps } from '../protocol/deps.ts';
import type { Release } from '../stores/release-store.ts';

type ReleasingDeps = Pick<PortalDeps, 'launches' | 'releases' | 'itAdminRoles'>;

/**
 * The releasing statement skips a row that another session has locked: a revocation, or an attempt that
 * came too late and finds out that the ticket is taken. The latter must not take the link from its person.
 */
const TRIES = 5;
const PAUSE_MS = 100;

/**
 * Releases the link or setup page of a launch that this attempt has redeemed.
 *
 * @returns undefined once it is released, or the reason why it is not
 */
export async function releaseLaunch(
  deps: ReleasingDeps,
  release: Release,
): Promise<Problem | undefined> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    if (await deps.releases.launch(release)) return undefined;
    const reason = await refusalOf(deps, release.launch);
    if (reason !== undefined) return reason;
    await sleep(PAUSE_MS);
  }
  return changedMeanwhile();
}

/** Explains a release that was refused. Returns undefined if nothing forbids it, at least not any more. */
async function refusalOf(
  { launches, itAdminRoles }: ReleasingDeps,
  { id, attempt }: Release['launch'],
): Promise<Problem | undefined> {
  const launch = await launches.withFacts(id);
  if (!launch || launch.revokedAt || launch.attempt !== attempt) return launchGone();
  const page = launch.setupLaunchId && (await launches.withFacts(launch.setupLaunchId));
  if (page && page.revokedAt) return setupPageClosed();
  try {
    requireMintable(launch, itAdminRoles);
    return undefined;
  } catch (reason) {
    if (reason instanceof Problem) return reason;
    throw reason;
  }
}
