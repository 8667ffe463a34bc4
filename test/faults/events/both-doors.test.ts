import { describe, expect, it } from '@jest/globals';
import { createApplier } from '../../../src/events/apply/applier.ts';
import type { AppliedEvent } from '../../../src/events/inbox/event.ts';
import { insertEvents } from '../../../src/events/inbox/store.ts';
import { SECOND, DAY, NOW, database, fake, poll, usePoller } from '../../events/poller-setup.ts';

usePoller();

describe('a thousand events, shuffled and tripled, by webhook and feed', () => {
  it('take effect once each, and leave the newest state', async () => {
    const seen: AppliedEvent[] = [];
    const newest = new Map<string, number>();
    const { applyWaiting } = createApplier({
      db: database.db,
      handlers: [
        async (tx, event) => {
          seen.push(event);
          await tx.query(
            `insert into mirror (kind, id, organization_id, data, updated_at) values ('user', $1, '-', $2, $3)
             on conflict (kind, id) do update set data = excluded.data, updated_at = excluded.updated_at
             where mirror.updated_at < excluded.updated_at`,
            [event.data.id, { count: 1 }, event.data.updated_at],
          );
        },
      ],
    });
    const events = Array.from({ length: 1_000 }, (_, i) => {
      const at = NOW - DAY + i * SECOND;
      newest.set(`user_${i % 37}`, at);
      return fake.emit(
        'user.updated',
        { id: `user_${i % 37}`, updated_at: new Date(at).toISOString() },
        { createdAt: new Date(at) },
      );
    });
    const shuffled = [...events, ...events, ...events].sort(() => Math.random() - 0.5);

    const byWebhook = async () => {
      while (shuffled.length > 0) await insertEvents(database.db, shuffled.splice(0, 7), 'webhook');
    };
    const apply = async () => {
      while (seen.length < 1_000) await applyWaiting();
    };
    await Promise.all([byWebhook(), byWebhook(), poll(), apply()]);

    expect(new Set(seen.map(({ id }) => id)).size).toBe(1_000);
    expect(seen).toHaveLength(1_000);
    const rows = await database.superuser<{ id: string; updated_at: Date }>(
      'select id, updated_at from mirror',
    );
    expect(new Map(rows.map((row) => [row.id, row.updated_at.getTime()]))).toEqual(newest);
  });
});
