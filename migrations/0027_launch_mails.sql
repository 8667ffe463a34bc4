CREATE TABLE "launch_mails" (
	"launch_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"address" text NOT NULL,
	"language" text NOT NULL,
	"sealed_url" text,
	"state" text DEFAULT 'queued' NOT NULL,
	"reason" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "launch_mails_due" ON "launch_mails" USING btree ("due_at") WHERE state = 'queued';--> statement-breakpoint
CREATE INDEX "launch_mails_tenant" ON "launch_mails" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE INDEX "launch_mails_address" ON "launch_mails" USING btree ("address","created_at");--> statement-breakpoint
CREATE INDEX "launch_mails_created" ON "launch_mails" USING btree ("created_at");