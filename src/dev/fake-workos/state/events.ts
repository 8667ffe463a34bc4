/** One thing that happened, as the Events API tells it. */
export interface WorkosEvent {
  object: 'event';
  id: string;
  event: string;
  data: Record<string, unknown>;
  created_at: string;
}

/** An event and when the Events API begins to show it; webhooks do not wait. */
export interface FeedEntry extends WorkosEvent {
  /** Not on the wire. */
  appears_at: string;
}

/** What a test may change about the feed while the fake runs. */
export interface Feed {
  /** How long the Events API keeps a new event back. Default 0; WorkOS's is a few seconds. */
  delayMs: number;
  /** Called with every event as it happens: webhooks do not wait. */
  deliver: (event: WorkosEvent) => void;
}
