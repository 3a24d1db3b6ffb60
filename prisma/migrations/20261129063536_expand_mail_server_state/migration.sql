-- CreateTable
CREATE TABLE "server_report" (
    "server" TEXT NOT NULL,
    "worker" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "configured" INTEGER NOT NULL,
    "open" INTEGER NOT NULL,
    "held" INTEGER NOT NULL,
    "per_second" DOUBLE PRECISION,
    "windows" JSONB NOT NULL,
    "paused_since" TIMESTAMPTZ(3),
    "paused_until" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "last_error_at" TIMESTAMPTZ(3),
    "remedy" TEXT,
    "accepted" INTEGER NOT NULL DEFAULT 0,
    "last_accepted_at" TIMESTAMPTZ(3),
    "latency_ms" DOUBLE PRECISION,

    CONSTRAINT "server_report_pkey" PRIMARY KEY ("server","worker")
);

-- CreateTable
CREATE TABLE "server_limit" (
    "server" TEXT NOT NULL,
    "connections" INTEGER,
    "mails_per_session" INTEGER,
    "learned_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "raise_at" TIMESTAMPTZ(3) NOT NULL,
    "raise_after_ms" INTEGER NOT NULL,

    CONSTRAINT "server_limit_pkey" PRIMARY KEY ("server")
);
