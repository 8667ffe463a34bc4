/** Every table, for drizzle-kit. The code imports the file of its slice. */
export * from './audit-trail.ts';
export * from './clients.ts';
export * from './console.ts';
export * from './events.ts';
export * from './idempotency.ts';
export * from './it-admins.ts';
export * from './leases.ts';
export * from './pass-through.ts';
export * from './portal.ts';
export * from './rate-limits.ts';
export * from './settings.ts';
export * from './setup.ts';
export * from './sso.ts';
export * from './tenants.ts';
export * from './timeline.ts';
export * from './upstream-budget.ts';
export * from './webhooks.ts';
