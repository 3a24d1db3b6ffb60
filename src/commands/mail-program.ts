// `mail check`.
import type { Command } from 'commander';
import { print, printJson, run } from './run.ts';

export function addMailCommands(program: Command): void {
  program
    .command('mail')
    .description('how mails leave')
    .command('check')
    .description(
      'look up what mailbox providers will: MX, SPF, DKIM, DMARC, PTR; exit code 1: something is wrong',
    )
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: true }) =>
      run(async ({ config }) => {
        const { checkMail, describeFinding } = await import('./mail-commands.ts');
        const findings = await checkMail(config);
        if (findings.some(({ verdict }) => verdict === 'problem')) process.exitCode = 1;
        if (json) return printJson({ findings });
        for (const finding of findings) print(`${describeFinding(finding)}\n`);
      }),
    );
}
