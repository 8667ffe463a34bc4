import { asPostgresError } from '../../db/problems.ts';
import { spillToDisk } from '../../maintenance/inspection-store.ts';
import { fault, ok, type Check } from './check.ts';
import { Skipped } from './skipped.ts';

/** Reads go on while the disk of Postgres is full, so that nothing else here notices it. */
export const DISK_CHECK: Check = {
  name: 'database disk',
  async run(world) {
    const db = await world.database();
    try {
      await spillToDisk(db);
      return ok('has space');
    } catch (error) {
      const { code } = asPostgresError(error);
      if (code === '53400') throw new Skipped('the role’s temp_file_limit is too low to try it');
      if (code !== '53100') throw error;
      return fault(
        'the disk of Postgres is full, so nothing can be written',
        'Make room on it, or enlarge it; Gatehouse goes on by itself. Then see Retention in docs/operating.md.',
      );
    }
  },
};
