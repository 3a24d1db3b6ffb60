// A command of the program within the test's own process, which takes a tenth of the time: with what it printed.
import { program } from '../../src/commands/program.ts';

export type Ran = { code: number; stdout: string; stderr: string };

/** With the variables of this process. */
export async function runHere(args: string[]): Promise<Ran> {
  const ran: Ran = { code: 0, stdout: '', stderr: '' };
  const [write, complain] = [process.stdout.write, console.error];
  process.stdout.write = ((text: string) => {
    ran.stdout += text;
    return true;
  }) as typeof process.stdout.write;
  console.error = (text: string) => {
    ran.stderr += `${text}\n`;
  };
  process.exitCode = undefined;
  try {
    await program.parseAsync(args, { from: 'user' });
  } finally {
    process.stdout.write = write;
    console.error = complain;
  }
  ran.code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  return ran;
}
