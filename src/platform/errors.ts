// The few kinds of error that are thrown. An expected answer is returned as a union instead; a bug stays a
// plain Error and is loud.

/** The configuration or a command's input is wrong: tell the user and stop. The message names place and way out. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** It may work later (a server is away, a deadlock): the job is tried again. */
export class TemporaryError extends Error {
  override name = 'TemporaryError';
}

/** Too much is asked at the moment. What was asked for was not done: it may be asked again in a few seconds. */
export class BusyError extends TemporaryError {
  override name = 'BusyError';
}

/** It never will work: the job stops, and the row it worked on says why. */
export class PermanentError extends Error {
  override name = 'PermanentError';
}
