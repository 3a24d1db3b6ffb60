// What holds for administrators whoever asks. Loads nothing: commands say it before they run.

/** `viewer` sees everything, `operator` acts as well. */
export const adminRoles = ['viewer', 'operator'] as const;
export type AdminRole = (typeof adminRoles)[number];

/** What a name may look like. */
export const adminName = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;

export const shortestPassword = 12;
/** Argon2 takes any; a megabyte of one is no password. */
export const longestPassword = 1024;
