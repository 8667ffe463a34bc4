/** SQL: deliveries need `events:read` like any other reading of events, and a client that is not disabled. */
export const MAY_READ = `not c.disabled and 'events:read' = any(c.scopes)`;
