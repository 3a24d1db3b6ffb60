// What of a database is backed up: every table of ours, those that others refer to first.
import type pg from 'pg';

export type Table = { name: string; columns: string[] };

/** How the database stands: the names of its migrations, in order. */
export async function readMigrationNames(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY migration_name',
  );
  return rows.map(({ name }) => name);
}

export async function listTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    SELECT relname::text AS name, array_agg(attname::text ORDER BY attnum) AS columns
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE nspname = current_schema() AND relkind IN ('r', 'p') AND NOT relispartition AND attnum > 0 AND NOT attisdropped
      AND attgenerated = '' AND relname <> '_prisma_migrations'
    GROUP BY relname ORDER BY relname`);
  const { rows: references } = await client.query<{ from: string; to: string }>(`
    SELECT conrelid::regclass::text AS from, confrelid::regclass::text AS to FROM pg_constraint
    WHERE contype = 'f' AND conrelid <> confrelid AND connamespace = current_schema()::regnamespace`);
  return sortByReferences(rows, references);
}

function sortByReferences(tables: Table[], references: { from: string; to: string }[]): Table[] {
  const sorted: Table[] = [];
  const visit = (table: Table) => {
    if (sorted.includes(table)) return;
    const needed = references.filter(({ from }) => from === table.name).map(({ to }) => to);
    for (const other of tables) if (needed.includes(other.name)) visit(other);
    sorted.push(table);
  };
  for (const table of tables) visit(table);
  return sorted;
}

export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const listColumns = ({ columns }: Table) => columns.map(quote).join(', ');
