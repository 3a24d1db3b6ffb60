// Deliveries as a file, for whoever looks at them elsewhere.
import { writeCsv } from '../../text/csv.ts';
import type { TableFormat } from '../../text/read-table.ts';
import type { ListedDelivery } from './delivery-list.ts';

const columns = [
  'id',
  'email',
  'kind',
  'edition',
  'state',
  'reason',
  'reply',
  'replyCode',
  'replyStatus',
  'smtpStage',
  'detail',
  'attempts',
  'resent',
  'createdAt',
  'nextTryAt',
  'finishedAt',
] as const satisfies readonly (keyof ListedDelivery)[];

export function writeDeliveryHead(format: TableFormat): string {
  return format === 'csv' ? writeCsv(columns) : '';
}

export function writeDelivery(delivery: ListedDelivery, format: TableFormat): string {
  if (format === 'ndjson') return `${JSON.stringify({ ...delivery, id: String(delivery.id) })}\n`;
  return writeCsv(
    columns.map((column) => {
      const value = delivery[column];
      return value instanceof Date ? value.toISOString() : String(value ?? '');
    }),
  );
}
