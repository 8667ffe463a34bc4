/** An event in the shape of the Events API. */
export interface WorkosEvent {
  object: 'event';
  id: string;
  event: string;
  data: Record<string, unknown>;
  /** Events of feature flags have one: who made the change, and what it was. */
  context?: Record<string, unknown>;
  created_at: string;
}

/** A stored event. Webhooks are sent at once, the Events API lists it later. */
export interface FeedEntry extends WorkosEvent {
  /** When the Events API starts to list it; not in replies. */
  appears_at: string;
}

/** Settings of the event feed that tests may change at run time. */
export interface Feed {
  /** Milliseconds until the Events API lists a new event. Default 0; at WorkOS a few seconds. */
  delayMs: number;
  /** Called with every event at once, without the delay. */
  deliver: (event: WorkosEvent) => void;
  /** The receivers of webhooks, with the events they ask for; undefined: all. */
  endpoints: () => readonly { url: string; secret: string; events?: readonly string[] }[];
}
