-- CreateTable
CREATE TABLE "spent_budget" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "spent_budget_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "spent_budget_expire_idx" ON "spent_budget"("expire");
