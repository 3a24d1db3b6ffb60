// `dkim …`: the keys that mails are signed with.
import { type Command, InvalidArgumentError } from 'commander';
import type { Config } from '../config/config.ts';
import { ConfigError, PermanentError } from '../platform/errors.ts';
import { parseDomain, print, printJson, run } from './run.ts';

type Options = { domain?: string; selector: string; folder?: string; json?: true };

export function addDkimCommands(program: Command): void {
  program
    .command('dkim')
    .description('the keys that mails are signed with')
    .command('generate')
    .description(
      'make an RSA and an Ed25519 key: prints them, or writes them to a folder, and the DNS records to publish',
    )
    .option('--domain <domain>', 'whose keys; else DKIM_DOMAIN, or the domain of MAIL_FROM', parseDomain)
    .option(
      '--selector <name>',
      'what the keys are called in the DNS, an “e” behind it for Ed25519; else the month',
      parseSelector,
      `pr${new Date().toISOString().slice(0, 7).replace('-', '')}`,
    )
    .option('--folder <folder>', 'write the private keys there, for this user only; never over a file')
    .option('--json', 'print one JSON document')
    .action((options: Options) => run(({ config }) => generateKeys(config, options), { reach: 'offline' }));
}

function parseSelector(text: string): string {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?$/i.test(text))
    throw new InvalidArgumentError('It is not a DNS label of at most 62 characters.');
  return text;
}

async function generateKeys(config: Config, { domain, selector, folder, json }: Options): Promise<void> {
  const [{ domainOf }, { generateDkimKey, quoteTxt, writeDkimRecord }, { isLoopbackHost }] =
    await Promise.all([
      import('../config/config.ts'),
      import('../smtp/dkim-record.ts'),
      import('../platform/loopback.ts'),
    ]);
  const domainName = domain ?? config.dkim[0]?.domainName ?? domainOf(config.mailFrom.address);
  if (isLoopbackHost(domainName))
    throw new ConfigError(
      'Whose keys? Name a domain, such as --domain papers.example.org, or set MAIL_FROM=digest@papers.example.org',
    );
  const keys = (['rsa', 'ed25519'] as const).map((keyType) => {
    const keySelector = keyType === 'rsa' ? selector : `${selector}e`;
    const privateKey = generateDkimKey(keyType);
    return { ...writeDkimRecord({ domainName, keySelector, privateKey }), keySelector, privateKey };
  });
  const files =
    folder === undefined
      ? null
      : await writeKeys(
          folder,
          keys.map(({ keySelector, privateKey }) => ({ name: `${keySelector}.pem`, privateKey })),
          config.workingFolder,
        );
  if (json) {
    return printJson({
      domain: domainName,
      keys: keys.map(({ keyType, keySelector, name, text, privateKey }, index) => ({
        type: keyType,
        selector: keySelector,
        record: { name, type: 'TXT', text },
        ...(files === null ? { privateKey } : { file: files[index] }),
      })),
    });
  }
  print('Publish these records:\n\n');
  for (const { name, text } of keys) print(`${name}. IN TXT ( ${quoteTxt(text)} )\n\n`);
  print(`Then set:\n\nDKIM_DOMAIN=${domainName}\n`);
  for (const [index, { keyType, keySelector, privateKey }] of keys.entries()) {
    const prefix = keyType === 'rsa' ? 'DKIM' : 'DKIM_ED25519';
    const value = files === null ? `"${privateKey.trim()}"` : files[index];
    print(`${prefix}_SELECTOR=${keySelector}\n${prefix}_PRIVATE_KEY=${value}\n`);
  }
}

/** Where they are. Throws before anything is written where one is there already. */
async function writeKeys(
  folder: string,
  keys: { name: string; privateKey: string }[],
  workingFolder: string,
): Promise<string[]> {
  const [{ access, mkdir, writeFile }, { join, resolve }] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
  ]);
  const target = resolve(workingFolder, folder);
  const files = keys.map(({ name, privateKey }) => ({ path: join(target, name), privateKey }));
  for (const { path } of files) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere)
      throw new PermanentError(
        `${path} is there already: a key is never overwritten. Choose another --selector`,
      );
  }
  await mkdir(target, { recursive: true, mode: 0o700 });
  for (const { path, privateKey } of files) await writeFile(path, privateKey, { flag: 'wx', mode: 0o600 });
  return files.map(({ path }) => path);
}
