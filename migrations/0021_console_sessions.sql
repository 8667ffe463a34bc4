CREATE TABLE "console_sessions" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"operator" text NOT NULL,
	"link_sha256" "bytea" NOT NULL,
	"link_expires_at" timestamp with time zone NOT NULL,
	"opened_at" timestamp with time zone,
	"token_sha256" "bytea",
	"expires_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "console_sessions_link" ON "console_sessions" USING btree ("link_sha256");--> statement-breakpoint
CREATE UNIQUE INDEX "console_sessions_token" ON "console_sessions" USING btree ("token_sha256");