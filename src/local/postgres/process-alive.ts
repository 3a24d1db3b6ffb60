// Is a process there? Signal 0 asks without disturbing it.
import { hasErrorCode } from './error-code.ts';

/** Whether a process with this pid exists, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasErrorCode(error, 'EPERM');
  }
}
