// The commands, one file a noun. Results go to stdout, everything else to stderr; exit 0, or 1 with a message that names the
// thing and the place. What a command needs is loaded when it runs: help should not wait for a mail renderer.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAdminCommands } from './admin.ts';
import { addBackupCommands } from './backups.ts';
import { addBounceCommands } from './bounces.ts';
import { addBrandCommands } from './brand.ts';
import { addCompletionCommand } from './completion.ts';
import { addDeliveryCommands } from './deliveries.ts';
import { addDigestCommands } from './digests.ts';
import { addDkimCommands } from './dkim.ts';
import { addDoctorCommand } from './doctor.ts';
import { addEditionCommands } from './editions.ts';
import { addKeyCommands } from './keys.ts';
import { addMailCommands } from './mail.ts';
import { addPaperCommands } from './papers.ts';
import { addServiceCommands } from './service.ts';
import { addSubscriberCommands } from './subscribers.ts';
import { addSuppressionCommands } from './suppressions.ts';
import { addTopicCommands } from './topics.ts';
import { addWebhookCommands } from './webhooks.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export const program = new Command('paperround')
  .description('A self-hosted email newsletter of research papers')
  .version(version, '--version', 'print which version this is')
  .showHelpAfterError('(--help tells how it is used)')
  .configureHelp({ showGlobalOptions: true });

addServiceCommands(program);
addBackupCommands(program);
addDoctorCommand(program);
addPaperCommands(program);
addTopicCommands(program);
addDigestCommands(program);
addEditionCommands(program);
addDeliveryCommands(program);
addSubscriberCommands(program);
addBounceCommands(program);
addSuppressionCommands(program);
addMailCommands(program);
addDkimCommands(program);
addBrandCommands(program);
addAdminCommands(program);
addKeyCommands(program);
addWebhookCommands(program);
addCompletionCommand(program);
