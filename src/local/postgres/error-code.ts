// The system's own names for what went wrong (ENOENT, EACCES).

/** Whether an operation of the system failed for this reason. */
export function hasErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
