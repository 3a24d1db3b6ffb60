// `admin …`: who may open the console under /admin.
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type AdminRole,
  adminName,
  adminRoles,
  longestPassword,
  shortestPassword,
} from '../operators/rules.ts';
import { ConfigError } from '../platform/errors.ts';
import { openDb, print, printJson, run, type Surroundings } from './run.ts';

export function addAdminCommands(program: Command): void {
  const admin = program.command('admin').description('who may open the console under /admin');
  admin
    .command('create')
    .description('somebody who may: the console is there from the first one on')
    .argument('<name>', 'in small letters and digits', parseName)
    .addOption(
      new Option('--role <role>', 'a viewer sees everything, an operator acts as well')
        .choices(adminRoles)
        .default('operator'),
    )
    .option('--password-file <file>', 'its first line, or - for standard input; else one is made and printed')
    .option('--json', 'print one JSON document')
    .action((name: string, { role, passwordFile, json }: PasswordOptions & { role: AdminRole }) =>
      run(async (surroundings) => {
        const { createAdmin } = await import('../operators/admins.ts');
        const { password, isMade } = await readPassword(surroundings, passwordFile);
        const db = await openDb(surroundings);
        if (!(await createAdmin(db, { name, role, password, now: new Date() })))
          throw new ConfigError(`There is an administrator ${name} already: \`admin password ${name}\``);
        if (json) return printJson({ name, role, password: isMade ? password : null });
        const { baseUrl } = surroundings.config;
        print(`${name} may open ${baseUrl}/admin as ${role}.\n${isMade ? `Password: ${password}\n` : ''}`);
      }),
    );
  admin
    .command('list')
    .description('all of them')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: true }) =>
      run(async (surroundings) => {
        const { listAdmins } = await import('../operators/admins.ts');
        const admins = await listAdmins(await openDb(surroundings));
        if (json) return printJson({ admins });
        if (admins.length === 0)
          print('There is none: the console is off. `admin create <name>` makes one.\n');
        for (const { name, role, hasCodes } of admins)
          print(`${name.padEnd(20)}  ${role.padEnd(8)}  ${hasCodes ? 'password and code' : 'password'}\n`);
      }),
    );
  admin
    .command('password')
    .description('another password; ends their sessions')
    .argument('<name>')
    .option('--password-file <file>', 'its first line, or - for standard input; else one is made and printed')
    .option('--json', 'print one JSON document')
    .action((name: string, { passwordFile, json }: PasswordOptions) =>
      run(async (surroundings) => {
        const { changePassword } = await import('../operators/admins.ts');
        const { password, isMade } = await readPassword(surroundings, passwordFile);
        const isChanged = await changePassword(await openDb(surroundings), { name, password });
        mustBe(isChanged, name);
        if (json) return printJson({ name, password: isMade ? password : null });
        print(isMade ? `Password: ${password}\n` : `${name} has another password.\n`);
      }),
    );
  admin
    .command('role')
    .description('another role; ends their sessions')
    .argument('<name>')
    .argument('<role>', adminRoles.join(' or '), parseRole)
    .option('--json', 'print one JSON document')
    .action((name: string, role: AdminRole, { json }: { json?: true }) =>
      run(async (surroundings) => {
        const { changeRole } = await import('../operators/admins.ts');
        mustBe(await changeRole(await openDb(surroundings), { name, role }), name);
        if (json) return printJson({ name, role });
        print(`${name} is ${role === 'operator' ? 'an operator' : 'a viewer'} now.\n`);
      }),
    );
  admin
    .command('codes')
    .description('ask for one-time codes besides the password: prints what an authenticator is to be given')
    .argument('<name>')
    .option('--off', 'no longer')
    .option('--json', 'print one JSON document')
    .action((name: string, { off, json }: { off?: true; json?: true }) =>
      run(async (surroundings) => {
        const { askForCodes, forgetCodes } = await import('../operators/admins.ts');
        const db = await openDb(surroundings);
        if (off) {
          mustBe(await forgetCodes(db, name), name);
          if (json) return printJson({ name, authenticator: null });
          return print(`${name} logs in by password alone.\n`);
        }
        const address = await askForCodes(db, { name, issuer: surroundings.config.siteName });
        mustBe(address !== null, name);
        if (json) return printJson({ name, authenticator: address });
        print(`${address}\n`);
      }),
    );
  admin
    .command('remove')
    .description('no longer; what they did stays in the log')
    .argument('<name>')
    .option('--json', 'print one JSON document')
    .action((name: string, { json }: { json?: true }) =>
      run(async (surroundings) => {
        const { removeAdmin } = await import('../operators/admins.ts');
        mustBe(await removeAdmin(await openDb(surroundings), name), name);
        if (json) return printJson({ name, removed: true });
        print(`${name} is no administrator any more.\n`);
      }),
    );
}

type PasswordOptions = { passwordFile?: string; json?: true };

function mustBe(isThere: boolean, name: string): void {
  if (!isThere) throw new ConfigError(`There is no administrator ${name}: \`admin list\` has all of them`);
}

function parseName(text: string): string {
  if (!adminName.test(text))
    throw new InvalidArgumentError('It is not made of small letters, digits, dots, - and _.');
  return text;
}

function parseRole(text: string): AdminRole {
  const role = adminRoles.find((each) => each === text);
  if (role === undefined) throw new InvalidArgumentError(`It is none of ${adminRoles.join(', ')}.`);
  return role;
}

/** Never an argument: those are seen by everybody on the machine. */
async function readPassword(
  { config }: Surroundings,
  file: string | undefined,
): Promise<{ password: string; isMade: boolean }> {
  if (file === undefined) {
    const { makePassword } = await import('../operators/admins.ts');
    return { password: makePassword(), isMade: true };
  }
  const { readBytes } = await import('./read-bytes.ts');
  const bytes = await readBytes(file, { workingFolder: config.workingFolder, atMost: 64 * 1024 });
  const [password = ''] = bytes.toString('utf8').split(/\r?\n/, 1);
  if (password.length < shortestPassword || password.length > longestPassword)
    throw new ConfigError(
      `The password has ${password.length} characters: it takes ${shortestPassword} to ${longestPassword}`,
    );
  return { password, isMade: false };
}
