import { connectedReleases } from '../../maintenance/inspection-store.ts';
import { ok, warning, type Check } from './check.ts';

/** Processes of several releases at once are right during a roll-out only. */
export const RELEASES_CHECK: Check = {
  name: 'releases',
  async run(world) {
    const releases = await connectedReleases(await world.database());
    if (releases.length === 0) return [];
    return releases.length === 1
      ? ok(`all processes run ${releases[0] ?? ''}`)
      : warning(
          `processes of ${releases.length} releases run: ${releases.join(', ')}`,
          'Finish the roll-out: gatehouse_build_info, on /metrics of each admin port, says which release a process runs.',
        );
  },
};
