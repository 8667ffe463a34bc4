CREATE TABLE "tenant_occurrences" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"operation" text COLLATE "C" NOT NULL,
	"outcome" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C" NOT NULL,
	"client_id" text COLLATE "C" NOT NULL,
	"count" integer NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"request_id" text NOT NULL,
	"said" text,
	CONSTRAINT "tenant_occurrences_key" PRIMARY KEY("tenant_id","at","operation","outcome","reason","client_id")
);
--> statement-breakpoint
CREATE INDEX "tenant_occurrences_at" ON "tenant_occurrences" USING btree ("at");