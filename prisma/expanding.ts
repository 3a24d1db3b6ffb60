// What of a migration an older version of the program could trip over while both run on one database. None: it only expands.

/** Statements that neither take away nor ask for anything that a version before did not know of; `new` names tables made here. */
const harmless: ((statement: string, made: ReadonlySet<string>) => boolean)[] = [
  (statement) => /^CREATE TABLE /i.test(statement),
  (statement) => /^CREATE TYPE \S+ AS ENUM/i.test(statement),
  (statement) => /^COMMENT ON /i.test(statement),
  // Rows that older versions write must not run against what they cannot know.
  (statement, made) =>
    /^CREATE INDEX /i.test(statement) ||
    isOn(made, /^CREATE UNIQUE INDEX .*? ON (?:ONLY )?([^\s(]+)/i, statement),
  (statement, made) => isOn(made, /^ALTER TABLE (\S+) /i, statement) && !wouldKeepRows(statement),
  (statement) =>
    /^ALTER TABLE \S+ ADD COLUMN /i.test(statement) && listActions(statement).every(isOptionalColumn),
];

/** The statements of a migration that do more than expand. */
export function listContractions(sql: string): string[] {
  const statements = splitStatements(sql);
  const made = new Set(
    statements.flatMap((one) => /^CREATE TABLE (?:IF NOT EXISTS )?(\S+)/i.exec(one)?.[1] ?? []),
  );
  return statements.filter(
    (statement) => wouldKeepRows(statement) || !harmless.some((isHarmless) => isHarmless(statement, made)),
  );
}

/** A row of an older table could no longer be deleted by who knows nothing of the new one. */
function wouldKeepRows(statement: string): boolean {
  const references = statement.match(/\bREFERENCES\b[^,]*/gi) ?? [];
  return references.some((one) => !/ON DELETE (?:CASCADE|SET NULL)/i.test(one));
}

const isOn = (made: ReadonlySet<string>, pattern: RegExp, statement: string): boolean =>
  made.has(pattern.exec(statement)?.[1] ?? '');

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
