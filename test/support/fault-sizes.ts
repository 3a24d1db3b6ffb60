// How much the fault tests and those with random inputs do: at a desk, where somebody waits, in CI, and in `npm run soak`, for half
// an hour and more. Each can be set by the environment, as `FAULT_MAILS`.
const sizes = {
  /** In one run with kills. */
  MAILS: { desk: 300, ci: 1500, soak: 50_000 },
  KILLS: { desk: 2, ci: 8, soak: 200 },
  /** While the database or Redis is in trouble. */
  READERS: { desk: 200, ci: 1200, soak: 10_000 },
  /** In one run over several machines, and how many of the faults that a machine can have. */
  HOST_MAILS: { desk: 300, ci: 600, soak: 5000 },
  HOST_FAULTS: { desk: 2, ci: 4, soak: 9 },
  WORKER_HOSTS: { desk: 2, ci: 2, soak: 3 },
  WEB_HOSTS: { desk: 1, ci: 1, soak: 2 },
  RESTARTS: { desk: 2, ci: 3, soak: 20 },
  /** Who ask at once, more than there is room for. */
  VISITORS: { desk: 80, ci: 200, soak: 2000 },
  /** Orders of events that chance decides. */
  ROUNDS: { desk: 1, ci: 1, soak: 20 },
  /** Of one wave that is to fill up a few mailboxes. */
  SIGN_UPS: { desk: 60, ci: 60, soak: 10_000 },
  /** How many times as many random inputs a property is tried with as at a desk. */
  INPUTS: { desk: 1, ci: 4, soak: 40 },
  MODEL_SECONDS: { desk: 5, ci: 15, soak: 1800 },
};

export function faultSize(name: keyof typeof sizes): number {
  const given = process.env[`FAULT_${name}`];
  if (given !== undefined) return Number(given);
  return sizes[name][process.env.CI ? 'ci' : 'desk'];
}

/** For the processes that a soak starts. */
export const soakSizes: Record<string, string> = Object.fromEntries(
  Object.entries(sizes).map(([name, { soak }]) => [`FAULT_${name}`, String(soak)]),
);
