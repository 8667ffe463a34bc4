-- no transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "events_unplaced" ON "events" USING btree ("created_at",(event <> 'organization.created'),"id") WHERE position is null and parked_at is null;