/** Events as WorkOS sends them, applied as the worker applies them. */
import { randomUUID } from 'node:crypto';
import { createApplier } from '../../src/events/apply/applier.ts';
import type { IncomingEvent } from '../../src/events/inbox/event.ts';
import { createPoller } from '../../src/events/intake/poller.ts';
import { createUpstreamFeed } from '../../src/events/intake/upstream-feed.ts';
import { insertEvents } from '../../src/events/inbox/store.ts';
import { markLaunchesConfigured } from '../../src/portal/return/mark-configured.ts';
import { createMirrorHandler } from '../../src/setup/mirror/apply-event.ts';
import { createUpstream } from '../../src/workos/upstream.ts';
import type { TestApp } from './test-app.ts';

/** An event as WorkOS sends it, created now by default. */
export const workosEvent = (
  event: string,
  data: Readonly<Record<string, unknown>>,
  at = new Date(),
): IncomingEvent => ({
  id: `event_${randomUUID()}`,
  event,
  data,
  created_at: at.toISOString(),
});

/** Puts events into the inbox and applies them, effects included. @throws the first failure */
export async function applyEvents(
  { database }: TestApp,
  ...events: IncomingEvent[]
): Promise<void> {
  await insertEvents(database.db, events, 'feed');
  const failures: unknown[] = [];
  const applier = createApplier({
    db: database.db,
    handlers: [createMirrorHandler(() => undefined), markLaunchesConfigured],
    onFailure: ({ error }) => failures.push(error),
  });
  await applier.applyWaiting();
  if (failures.length > 0) throw failures[0];
}

/** Reads WorkOS's feed to its end and applies it, which the leading worker does every few seconds. @throws the first failure */
export async function applyFeed(gatehouse: TestApp): Promise<void> {
  const { config, database } = gatehouse;
  const upstream = createUpstream(config.workos);
  try {
    const feed = createUpstreamFeed(upstream);
    const poller = createPoller({ db: database.db, feed, now: () => upstream.now() });
    await poller.poll(new AbortController().signal);
    await applyEvents(gatehouse);
  } finally {
    await upstream.close();
  }
}
