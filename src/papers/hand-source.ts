// Whose a listing is that is taken in by hand. Loads nothing: commands say it before they run.

/** The source of listings that are taken in by hand, unless it is said. */
export const handSource = 'file';
export const handSourceRule = /^[a-z0-9][a-z0-9-]{0,39}$/;
