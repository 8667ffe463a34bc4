import { asPostgresError } from '../../db/problems.ts';
import { spillToDisk } from '../../maintenance/inspection-store.ts';
import { fault, ok, type Check } from './check.ts';

/** Reads go on while the disk of Postgres is full, so that nothing else here notices it. */
export const DISK_CHECK: Check = {
  name: 'database disk',
  async run(world) {
    const db = await world.database();
    try {
      await spillToDisk(db);
      return ok('has space');
    } catch (error) {
      if (asPostgresError(error).code !== '53100') throw error;
      return fault(
        'the disk of Postgres is full, so nothing can be written',
        'Make room on it, or enlarge it; Gatehouse goes on by itself. Then see Retention in docs/operating.md.',
      );
    }
  },
};
