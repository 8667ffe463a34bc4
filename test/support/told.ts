/** What WorkOS tells, put through the inbox and the applier as the worker does. */
import { randomUUID } from 'node:crypto';
import { createApplier } from '../../src/events/apply/applier.ts';
import type { IncomingEvent } from '../../src/events/inbox/event.ts';
import { insertEvents } from '../../src/events/inbox/store.ts';
import { journeyEffect } from '../../src/portal/mark-configured.ts';
import { createMirrorEffect } from '../../src/setup/mirror.ts';
import type { TestApp } from './test-app.ts';

/** An event as WorkOS sends it; now, unless said otherwise. */
export const news = (
  event: string,
  data: Readonly<Record<string, unknown>>,
  at = new Date(),
): IncomingEvent => ({
  id: `event_${randomUUID()}`,
  event,
  data,
  created_at: at.toISOString(),
});

/** Has events applied, with what follows from them. */
export async function tell({ database }: TestApp, ...events: IncomingEvent[]): Promise<void> {
  await insertEvents(database.db, events, 'feed');
  const failures: unknown[] = [];
  const applier = createApplier({
    db: database.db,
    effects: [createMirrorEffect(() => undefined), journeyEffect],
    onFailure: ({ error }) => failures.push(error),
  });
  await applier.applyWaiting();
  if (failures.length > 0) throw failures[0];
}
