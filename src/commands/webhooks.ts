// `webhooks …`: programs that are told what happens here.
import { type Command, InvalidArgumentError } from 'commander';
import { ConfigError } from '../platform/errors.ts';
import { type EventType, eventTypes } from '../webhooks/events.ts';
import { openDb, print, printJson, run } from './run.ts';

const now = () => new Date();

export function addWebhookCommands(program: Command): void {
  const webhooks = program.command('webhooks').description('programs that are told what happens here');
  webhooks
    .command('add')
    .description('prints the secret that its messages are signed with')
    .argument('<url>', 'https, unless HOOK_TARGETS says otherwise')
    .option('--events <events>', `all unless it is said: ${eventTypes.join(', ')}`, parseEvents)
    .option('--json', 'print one JSON document')
    .action((url: string, { events = eventTypes, json }: { events?: EventType[]; json?: true }) =>
      run(async (surroundings) => {
        const { addEndpoint, findUrlProblem } = await import('../webhooks/endpoints.ts');
        const problem = findUrlProblem(url, surroundings.config.hookTargets);
        if (problem !== null) throw new ConfigError(`The address ${problem}`);
        const asked = { url, events, createdBy: 'command line', now: now() };
        const added = await addEndpoint(await openDb(surroundings), asked);
        if (added === null)
          throw new ConfigError('The address is there already: `webhooks list` has all of them');
        if (json) return printJson({ ...added, url, events });
        print(`${added.id}\n${added.secret}\n`);
        console.error('The secret is shown only now.');
      }),
    );
  webhooks
    .command('list')
    .description('all of them, and whether they work')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: true }) =>
      run(async (surroundings) => {
        const { listEndpoints } = await import('../webhooks/endpoints.ts');
        const endpoints = await listEndpoints(await openDb(surroundings));
        if (json) return printJson({ webhooks: endpoints });
        if (endpoints.length === 0) print('There is none: `webhooks add <url>` adds one.\n');
        for (const { id, url, events, disabledAt, disabledBecause, waiting, failed } of endpoints) {
          const state = disabledAt === null ? 'works' : `disabled: ${disabledBecause}`;
          print(`${id}  ${url}  ${state}; ${waiting} waiting, ${failed} given up; ${events.join(', ')}\n`);
        }
      }),
    );
  webhooks
    .command('remove')
    .description('it is told nothing any more; what waits for it is deleted')
    .argument('<id>', 'as `webhooks list` prints it', parseId)
    .option('--json', 'print one JSON document')
    .action((id: string, { json }: { json?: true }) =>
      run(async (surroundings) => {
        const { removeEndpoint } = await import('../webhooks/endpoints.ts');
        if (!(await removeEndpoint(await openDb(surroundings), id))) throw unknown(id);
        if (json) return printJson({ id, removed: true });
        print('It is told nothing any more.\n');
      }),
    );
  webhooks
    .command('enable')
    .description('one that was disabled works again: what waited is sent')
    .argument('<id>', 'as `webhooks list` prints it', parseId)
    .option('--json', 'print one JSON document')
    .action((id: string, { json }: { json?: true }) =>
      run(async (surroundings) => {
        const { enableEndpoint } = await import('../webhooks/endpoints.ts');
        const db = await openDb(surroundings);
        if (!(await enableEndpoint(db, { id, now: now() }))) throw unknown(id);
        if (json) return printJson({ id, enabled: true });
        print('It works again.\n');
      }),
    );
  webhooks
    .command('test')
    .description('sends it a message that says nothing, and prints what came of it')
    .argument('<id>', 'as `webhooks list` prints it', parseId)
    .option('--json', 'print one JSON document')
    .action((id: string, { json }: { json?: true }) =>
      run(async (surroundings) => {
        const [{ addTest }, { sendMessage }, { openPost }] = await Promise.all([
          import('../webhooks/messages.ts'),
          import('../webhooks/send.ts'),
          import('../service/open-webhooks.ts'),
        ]);
        const db = await openDb(surroundings);
        const message = await addTest(db, { endpointId: id, now: now() });
        if (message === null) throw new ConfigError(`${id} is disabled, or no webhook: \`webhooks list\``);
        const { config, log } = surroundings;
        const posted = await sendMessage({ db, post: openPost(config, now), now, log }, message);
        if (posted?.error) process.exitCode = 1;
        if (json) return printJson({ messageId: message, posted });
        if (posted === null) print('A worker has taken it: `webhooks deliveries` tells what came of it.\n');
        else print(`${posted.error ?? `taken: ${posted.status}`} (${posted.ms} ms)\n`);
      }),
    );
  webhooks
    .command('deliveries')
    .description('what was sent or waits, with every try, the newest first')
    .option('--webhook <id>', 'to this one', parseId)
    .option('--limit <n>', 'so many of them', parseLimit, 50)
    .option('--json', 'print one JSON document')
    .action(({ webhook, limit, json }: { webhook?: string; limit: number; json?: true }) =>
      run(async (surroundings) => {
        const { listMessages } = await import('../webhooks/messages.ts');
        const db = await openDb(surroundings);
        const messages = await listMessages(db, { endpointId: webhook ?? null, before: null, limit });
        if (json) return printJson({ messages });
        if (messages.length === 0) print('Nothing was sent yet.\n');
        for (const { id, createdAt, type, url, state, tries } of messages) {
          const told = tries.map(
            ({ at, status, error, ms }) => `${at.toISOString()} ${error ?? status} ${ms} ms`,
          );
          print(`${id}  ${createdAt.toISOString()}  ${type}  ${url}  ${state}  ${told.join('; ')}\n`);
        }
      }),
    );
}

function unknown(id: string): ConfigError {
  return new ConfigError(`There is no webhook ${id}: \`webhooks list\` has all of them`);
}

function parseId(text: string): string {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw new InvalidArgumentError('It is not the id of a webhook, as `webhooks list` prints it.');
  return text;
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new InvalidArgumentError('It is not a number from 1 to 1000.');
  return limit;
}

function parseEvents(text: string): EventType[] {
  const given = text.split(',').map((name) => name.trim());
  const unknownName = given.find((name) => !eventTypes.some((type) => type === name));
  if (unknownName !== undefined)
    throw new InvalidArgumentError(`There is no event ${unknownName}: ${eventTypes.join(', ')}.`);
  return eventTypes.filter((type) => given.includes(type));
}
