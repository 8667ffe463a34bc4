CREATE TABLE "upstream_buckets" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"level" double precision NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "upstream_holds" (
	"operation" text COLLATE "C" PRIMARY KEY NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "upstream_processes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"share" double precision NOT NULL,
	"wants" jsonb NOT NULL,
	"used" jsonb NOT NULL
);
