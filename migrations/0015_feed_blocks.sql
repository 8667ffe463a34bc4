CREATE TABLE "feed_blocks" (
	"block" bigint PRIMARY KEY NOT NULL,
	"earliest" timestamp with time zone NOT NULL,
	"latest" timestamp with time zone NOT NULL
);--> statement-breakpoint
-- 10,000 is BLOCK in src/events/feed/store.ts.
CREATE FUNCTION "note_feed_blocks"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO feed_blocks AS b (block, earliest, latest)
		SELECT position / 10000, min(created_at), max(created_at) FROM written
		WHERE position IS NOT NULL GROUP BY 1 ORDER BY 1
		ON CONFLICT (block) DO UPDATE
			SET earliest = least(b.earliest, excluded.earliest), latest = greatest(b.latest, excluded.latest)
			WHERE excluded.earliest < b.earliest OR excluded.latest > b.latest;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "events_inserted" AFTER INSERT ON "events"
	REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_feed_blocks();--> statement-breakpoint
CREATE TRIGGER "events_updated" AFTER UPDATE ON "events"
	REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_feed_blocks();
