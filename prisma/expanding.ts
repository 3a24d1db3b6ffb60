// What of a migration an older version of the program could trip over while both run on one database. None: it only expands.

/** By what this migration makes: tables, and columns of others as `table.column`. */
type Made = { tables: ReadonlySet<string>; columns: ReadonlySet<string> };

/** Statements that neither take away nor ask for anything that a version before did not know of. */
const harmless: ((statement: string, made: Made) => boolean)[] = [
  (statement) => /^CREATE TABLE /i.test(statement),
  (statement) => /^CREATE TYPE \S+ AS ENUM/i.test(statement),
  (statement) => /^COMMENT ON /i.test(statement),
  // Rows that older versions write must not run against what they cannot know.
  (statement, { tables }) =>
    /^CREATE INDEX /i.test(statement) ||
    isOn(tables, /^CREATE UNIQUE INDEX .*? ON (?:ONLY )?([^\s(]+)/i, statement),
  (statement, { tables }) => isOn(tables, /^ALTER TABLE (\S+) /i, statement) && !wouldKeepRows(statement),
  (statement) =>
    /^ALTER TABLE \S+ ADD COLUMN /i.test(statement) && listActions(statement).every(isOptionalColumn),
  // Who does not know a column leaves in it what it begins with.
  (statement, { columns }) => {
    const [, table = '', check] =
      /^ALTER TABLE (\S+) ADD CONSTRAINT \S+ CHECK \((.*)\)$/i.exec(statement) ?? [];
    if (check === undefined || /\bIS NOT NULL\b/i.test(check)) return false;
    return listNames(check).every((name) => columns.has(`${unquote(table)}.${name}`));
  },
];

/** The statements of a migration that do more than expand. */
export function listContractions(sql: string): string[] {
  const statements = splitStatements(sql);
  const made = {
    tables: new Set(
      statements.flatMap((one) => /^CREATE TABLE (?:IF NOT EXISTS )?(\S+)/i.exec(one)?.[1] ?? []),
    ),
    columns: new Set(statements.flatMap(listAddedColumns)),
  };
  return statements.filter(
    (statement) => wouldKeepRows(statement) || !harmless.some((isHarmless) => isHarmless(statement, made)),
  );
}

/** A row of an older table could no longer be deleted by who knows nothing of the new one. */
function wouldKeepRows(statement: string): boolean {
  const references = statement.match(/\bREFERENCES\b[^,]*/gi) ?? [];
  return references.some((one) => !/ON DELETE (?:CASCADE|SET NULL)/i.test(one));
}

const isOn = (tables: ReadonlySet<string>, pattern: RegExp, statement: string): boolean =>
  tables.has(pattern.exec(statement)?.[1] ?? '');

const unquote = (name: string): string => name.replaceAll('"', '');

function listAddedColumns(statement: string): string[] {
  const table = /^ALTER TABLE (\S+) ADD COLUMN /i.exec(statement)?.[1];
  if (table === undefined) return [];
  return listActions(statement).flatMap((action) => {
    const column = /^ADD COLUMN (?:IF NOT EXISTS )?(\S+)/i.exec(action)?.[1];
    return column === undefined ? [] : [`${unquote(table)}.${unquote(column)}`];
  });
}

/** What an expression names, but for functions, types and words of SQL. */
function listNames(expression: string): string[] {
  const names = expression.replace(/::\s*\w+/g, '').match(/"?[a-z_]\w*"?(?![\w"]*\s*\()/gi) ?? [];
  return names
    .filter((name) => !/^(?:and|or|not|is|null|between|in|any|all|array|true|false)$/i.test(name))
    .map(unquote);
}

/** `ALTER TABLE t ADD COLUMN a int, ADD COLUMN b numeric(3, 2)` */
const listActions = (statement: string): string[] =>
  statement.replace(/^ALTER TABLE \S+ /i, '').split(/,(?![^(]*\))\s*/);

const isOptionalColumn = (action: string): boolean =>
  /^ADD COLUMN /i.test(action) &&
  !/ (?:UNIQUE|CHECK|PRIMARY KEY)\b/i.test(action) &&
  (!/ NOT NULL\b/i.test(action) || / DEFAULT\b/i.test(action));

/** Without comments, and with nothing in their quotes. */
function splitStatements(sql: string): string[] {
  return sql
    .replace(/--.*$|\/\*[\s\S]*?\*\//gm, '')
    .replace(/(\$\w*\$)[\s\S]*?\1|'(?:[^']|'')*'/g, "''")
    .split(';')
    .map((statement) => statement.replace(/\s+/g, ' ').trim())
    .filter((statement) => statement !== '');
}
