/** What a test does with events: make some, look at them, keep them back. */
import { connectionData } from './event-data.ts';
import type { WorkosEvent } from './event-state.ts';
import { emit, type EmitOptions } from './events.ts';
import { requireFound } from './http.ts';
import type { Connection } from './state.ts';
import type { World } from './world.ts';

export interface EventControls {
  /** @param data what it happened to, as its event shows it */
  emit(event: string, data: object, options?: EmitOptions): WorkosEvent;
  /** From now on the feed shows an event only so long after its creation. */
  holdBackEvents(ms: number): void;
  /** From now on every event is handed over as it happens, as a webhook would be. */
  deliverEvents(to: (event: WorkosEvent) => void): void;
  /** Changes a connection's state as a person would in the dashboard. */
  changeConnection(connectionId: string, state: 'active' | 'inactive'): Connection;
}

/** @param saved keeps what has changed, and hands on what it is given */
export function createEventControls(world: World, saved: <T>(result: T) => T): EventControls {
  return {
    emit: (event, data, options) => saved(emit(world, event, data, options)),
    holdBackEvents(ms) {
      world.feed.holdBackMs = ms;
    },
    deliverEvents(to) {
      world.feed.deliver = to;
    },
    changeConnection(id, state) {
      const connection = requireFound(world.state.connections.get(id), 'Connection', id);
      Object.assign(connection, { state, updated_at: world.now().toISOString() });
      const event = state === 'active' ? 'connection.activated' : 'connection.deactivated';
      emit(world, event, connectionData(connection));
      return saved(connection);
    },
  };
}
