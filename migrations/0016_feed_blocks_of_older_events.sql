-- no transaction
-- The events are read before the first row is written, so the applier waits for no block for long.
INSERT INTO feed_blocks AS b (block, earliest, latest)
	SELECT position / 10000, min(created_at), max(created_at) FROM events
	WHERE position IS NOT NULL GROUP BY 1 ORDER BY 1
	ON CONFLICT (block) DO UPDATE
		SET earliest = least(b.earliest, excluded.earliest), latest = greatest(b.latest, excluded.latest);
