// A benchmark fills its database in single statements, which the service never does: it gives a server up that is silent so long.
export const longStatements = { silenceMs: 60 * 60_000 };
