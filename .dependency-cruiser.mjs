// Who may import whom. The rooms stand in the order of the data's flow: each imports what stands before it, never what
// comes after. A circle of files is refused even where only types go round.

/** The rooms of src/ in order. Rooms that share a line do not know each other. */
const rooms = [
  ['text'],
  ['languages'],
  ['brand'],
  ['platform'],
  ['operators'],
  ['papers'],
  ['sources'],
  ['summaries'],
  ['library'],
  ['webhooks'],
  ['config'],
  ['matching'],
  ['vectors'],
  ['topics'],
  ['subscribers'],
  ['digests'],
  ['mails'],
  ['ledger'],
  ['smtp'],
  ['bounces'],
  ['delivery'],
  ['local'],
  ['web'],
  ['service'],
  ['commands'],
];

/** The floors of web/, likewise; its own files open the doors of all of them. */
const webFloors = [['http'], ['public'], ['reader', 'feeds', 'api', 'admin', 'hooks']];

const inSource = (names) => `^src/(?:${names.join('|')})/`;
const inWeb = (names) => `^src/web/(?:${names.join('|')})/`;

function keepOrder(lines, pathOf, what) {
  return lines.flatMap((line, index) =>
    line.map((name) => {
      const forbidden = [...line.filter((other) => other !== name), ...lines.slice(index + 1).flat()];
      return {
        name: `${what}-${name}`,
        comment: `${name}/ imports only what stands before it in the flow`,
        severity: 'error',
        from: { path: pathOf([name]) },
        to: { path: forbidden.length === 0 ? '^$' : pathOf(forbidden) },
      };
    }),
  );
}

/** A package that only some files may know. */
const packages = [
  {
    of: 'Prisma and SQL',
    path: '(?:^src/generated/|node_modules/(?:@prisma|pg)/)',
    never: ['web', 'mails', 'text', 'commands'],
  },
  { of: 'Express', path: 'node_modules/(?:@types/)?express', only: 'src/(?:web|local/inbox)/' },
  { of: 'BullMQ', path: 'node_modules/bullmq/', only: 'src/(?:platform/queue|service/[^/]+)\\.ts$' },
  { of: 'nodemailer', path: 'node_modules/(?:@types/)?nodemailer', only: 'src/smtp/' },
];

export default {
  forbidden: [
    {
      name: 'no-circle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'web-does-not-send',
      comment: 'a web server has nothing of what it takes to write, sign and send mails',
      severity: 'error',
      from: { path: '^src/service/start-web\\.ts$' },
      to: {
        path: '^src/(?:mails|delivery)/|^src/smtp/(?:mailer|session|dkim)|node_modules/(?:nodemailer|mjml)/',
        reachable: true,
      },
    },
    {
      name: 'no-orphan',
      comment: 'a file that nobody imports is left over',
      severity: 'error',
      from: { orphan: true, pathNot: '^src/generated/' },
      to: {},
    },
    {
      name: 'declared-packages-only',
      comment: 'what the program imports is a production dependency, and is there',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    {
      name: 'src-only',
      severity: 'error',
      from: {},
      to: { pathNot: '^src/|node_modules/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'only-cli-starts-commands',
      severity: 'error',
      from: { pathNot: '^src/(?:cli\\.ts|commands/)' },
      to: { path: '^src/(?:cli\\.ts|commands/)' },
    },
    ...keepOrder(rooms, inSource, 'room'),
    ...keepOrder(webFloors, inWeb, 'web'),
    ...packages.map(({ of, path, never, only }) => ({
      name: `who-knows-${of.replaceAll(' ', '-')}`,
      severity: 'error',
      from: never === undefined ? { path: '^src/', pathNot: `^${only}` } : { path: inSource(never) },
      to: { path },
    })),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^src/generated/'] },
    parser: 'swc',
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
