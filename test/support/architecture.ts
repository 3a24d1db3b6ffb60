// The design's rules as tables, and what it takes to hold source text against them.
import { posix } from 'node:path';

/** `path` starts from src/ and has forward slashes. */
export type SourceFile = { path: string; text: string };

type Import = {
  /** The importing file. */
  from: string;
  /** A path from src/ for our own files, else a package's name. */
  to: string;
};

type Rule = {
  says: string;
  /** Matches what only some may import. */
  target: RegExp;
  /** Matches the files that may. */
  allowed: RegExp;
};

const notDomain = ['commands', 'web', 'workers', 'embedded', 'generated'];
const outsideOfDomain = new RegExp(`^(?:[^/]+$|(?:${notDomain.join('|')})/)`);

const rules: Rule[] = [
  { says: 'digests know nothing of delivery', target: /^delivery\//, allowed: /^(?!digests\/)/ },
  { says: 'domain folders do not import web/', target: /^web\//, allowed: outsideOfDomain },
  { says: 'domain folders do not import workers/', target: /^workers\//, allowed: outsideOfDomain },
  {
    says: 'Prisma is for store files, db.ts, and what migrates',
    target: /^(?:generated\/|@prisma\/|prisma(?:\/|$))/,
    allowed: /^(?:generated\/|(?:db|migrate|schema-engine)\.ts$|.+\/(?:.+-)?store\.ts$)/,
  },
  { says: 'Express is for web/', target: /^(?:@types\/)?express(?:[-/]|$)/, allowed: /^web\// },
  {
    says: 'BullMQ is for workers/ and queue.ts',
    target: /^bullmq(?:\/|$)/,
    allowed: /^(?:workers\/|queue\.ts$)/,
  },
  {
    says: 'nodemailer is for mailer.ts, smtp-session.ts and delivery/',
    target: /^nodemailer(?:\/|$)/,
    allowed: /^(?:delivery\/|(?:mailer|smtp-session)\.ts$)/,
  },
  { says: 'only commands start main.ts', target: /^main\.ts$/, allowed: /^(?:cli\.ts$|commands\/)/ },
  { says: 'only cli.ts imports commands/', target: /^commands\//, allowed: /^(?:cli\.ts$|commands\/)/ },
  { says: 'nobody imports cli.ts', target: /^cli\.ts$/, allowed: /^$/ },
  { says: 'src/ imports nothing from beside it', target: /^\.\.\//, allowed: /^$/ },
];

/** One line per import that a rule forbids; none when all is well. */
export function findBrokenImportRules(files: SourceFile[]): string[] {
  return listAllImports(files).flatMap(({ from, to }) =>
    rules
      .filter(({ target, allowed }) => target.test(to) && !allowed.test(from))
      .map(({ says }) => `${from} imports ${to}: ${says}`),
  );
}

/** Each circle of domain folders once, as `a -> b -> a`, starting from its first name in the alphabet. */
export function findFolderCycles(files: SourceFile[]): string[] {
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of listAllImports(files)) {
    const [importer, imported] = [domainFolderOf(from), domainFolderOf(to)];
    if (importer === null || imported === null || importer === imported) continue;
    targets.set(importer, (targets.get(importer) ?? new Set()).add(imported));
  }
  const walk = (path: string[]): string[] =>
    [...(targets.get(path.at(-1) ?? '') ?? [])].sort().flatMap((next) => {
      const [start = ''] = path;
      if (next === start) return [[...path, next].join(' -> ')];
      return next < start || path.includes(next) ? [] : walk([...path, next]);
    });
  return [...targets.keys()].sort().flatMap((folder) => walk([folder]));
}

/** One line per file, except config.ts, that reads the environment. Handing all of it on to a child process is not reading. */
export function findEnvironmentReaders(files: SourceFile[]): string[] {
  const readings = [
    /\bprocess\s*\??\.\s*env\b/,
    /\bprocess\s*\[\s*['"`]env['"`]\s*\]/,
    /\benv\b[^;=]*\}\s*=\s*process\b/,
    /\{[^}]*\benv\b[^}]*\}\s*from\s*['"](?:node:)?process['"]/,
  ];
  return files
    .filter(({ path }) => path !== 'config.ts')
    .filter(({ text }) => {
      const code = withoutComments(text).replace(/\.\.\.process\.env\b/g, '');
      return readings.some((reading) => reading.test(code));
    })
    .map(({ path }) => `${path} reads the environment`);
}

/** One line per file of more than 250 lines that is not excepted. */
export function findLongFiles(files: SourceFile[], exceptions: string[]): string[] {
  return files
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ path, lines }) => lines > 250 && !exceptions.includes(path))
    .map(({ path, lines }) => `${path} has ${lines} lines`);
}

/**
 * The module names that a text imports or re-exports, in order, types and dynamic imports included. TypeScript 7 has no
 * stable parser API; with comments and other strings out of the way a pattern is enough for formatted code.
 */
export function listImports(text: string): string[] {
  const strings: string[] = [];
  const code = replaceTokens(text, (token) => {
    if (isComment(token)) return ' ';
    if (token.startsWith('/')) return '/pattern/';
    strings.push(token.slice(1, -1));
    return `"${strings.length - 1}"`;
  });
  const statement =
    /\b(?:import|export)\b(?:[\w\s{},*$]*\bfrom\s*)?\s*"(\d+)"|\b(?:import|require)\s*\(\s*"(\d+)"/g;
  return [...code.matchAll(statement)].map(([, named, called]) => strings[Number(named ?? called)] ?? '');
}

function listAllImports(files: SourceFile[]): Import[] {
  return files.flatMap(({ path, text }) =>
    listImports(text).map((name) => ({
      from: path,
      to: name.startsWith('.') ? posix.join(posix.dirname(path), name) : name,
    })),
  );
}

function domainFolderOf(path: string): string | null {
  const [folder = '', ...rest] = path.split('/');
  return rest.length === 0 || !path.endsWith('.ts') || notDomain.includes(folder) ? null : folder;
}

const withoutComments = (text: string): string =>
  replaceTokens(text, (token) => (isComment(token) ? ' ' : token));

const isComment = (token: string): boolean => token.startsWith('//') || token.startsWith('/*');

/** Gives every comment, string, template and regular expression to `replace`, whichever of them starts first. */
function replaceTokens(text: string, replace: (token: string) => string): string {
  const tokens =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|(?<=[=(,:?&|!;{}[\n]\s*)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//g;
  return text.replace(tokens, replace);
}
