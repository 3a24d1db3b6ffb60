// What is asked of the operating system: its names for what went wrong (ENOENT, EACCES), and whether a process is there.

/** Whether an operation of the system failed for this reason. */
export function hasErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Whether a process with this pid exists, ours or not. Signal 0 asks without disturbing it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasErrorCode(error, 'EPERM');
  }
}
