// `doctor`: what is wrong with everything the service depends on, and what to do about it.
import { type Command, InvalidArgumentError } from 'commander';
import type { Finding } from '../service/doctor/finding.ts';
import { print, printJson } from './run.ts';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('look at database, queue, mail servers and all else; exit code 1: something is wrong')
    .option('--to <address>', 'who mail servers are asked about; no mail is sent', parseAddress)
    .option('--json', 'print one JSON document')
    .action(async ({ to, json }: { to?: string; json?: true }) => {
      // Not by `run`: what is wrong with the configuration is one finding of many.
      const [{ examineConfig }, { examine }] = await Promise.all([
        import('../config/config.ts'),
        import('../service/doctor/doctor.ts'),
      ]);
      const findings = await examine({ ...examineConfig(process.env), to: to ?? null });
      if (findings.some(({ state }) => state === 'fail')) process.exitCode = 1;
      if (json) return printJson({ findings });
      for (const finding of findings) print(`${describeFinding(finding)}\n`);
    });
}

/** It goes into a line of SMTP as it is. */
function parseAddress(text: string): string {
  if (/^[^\s<>\p{Cc}]+@[^\s<>\p{Cc}]+$/u.test(text)) return text;
  throw new InvalidArgumentError('It is not a mail address.');
}

function describeFinding({ area, state, what, remedy }: Finding): string {
  const line = `${state.padEnd(4)}  ${area.padEnd(13)}  ${what}`;
  return remedy === null ? line : `${line}\n${' '.repeat(21)}${remedy}`;
}
