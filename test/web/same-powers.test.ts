// What the console does the API does, and what either does there is a command for: a button that is new fails the first test.
import { expect, test } from 'vitest';
import { program } from '../../src/commands/program.ts';
import { actions } from '../../src/web/admin/actions.ts';
import { listApiRoutes } from '../../src/web/api/api.ts';

/** By the console's name: the operation of the API, and the command. Null where only a person on the spot may. */
const powers: Record<string, [operation: string | null, command: string]> = {
  'edition-pause': ['pauseEdition', 'editions pause'],
  'edition-resume': ['resumeEdition', 'editions resume'],
  'edition-cancel': ['cancelEdition', 'editions cancel'],
  'edition-retry': ['retryEdition', 'deliveries retry'],
  'edition-settle': ['settleDeliveries', 'deliveries settle'],
  'delivery-retry': ['retryDelivery', 'deliveries retry'],
  'delivery-resend': ['resendDelivery', 'deliveries resend'],
  'delivery-settle': ['settleDelivery', 'deliveries settle'],
  'reader-add': ['addReader', 'subscribers add'],
  'reader-confirm': ['confirmReader', 'subscribers confirm'],
  'reader-suppress': ['suppressReader', 'subscribers suppress'],
  'reader-lift': ['liftReader', 'suppressions lift'],
  'reader-erase': ['eraseReader', 'subscribers erase'],
  'suppression-add': ['addSuppression', 'suppressions add'],
  'suppression-lift': ['liftSuppressions', 'suppressions lift'],
  'source-ask': ['fetchSource', 'papers fetch'],
  'topic-retire': ['retireTopic', 'topics retire'],
  'topic-restore': ['restoreTopic', 'topics restore'],
  'topic-take-back': ['takeBackTopic', 'topics take-back'],
  'mail-test': ['sendTestMail', 'mail test'],
  'webhook-add': ['addWebhook', 'webhooks add'],
  'webhook-remove': ['removeWebhook', 'webhooks remove'],
  'webhook-enable': ['enableWebhook', 'webhooks enable'],
  'webhook-test': ['testWebhook', 'webhooks test'],
  // A key that could make keys would have every scope.
  'key-create': [null, 'keys create'],
  'key-revoke': [null, 'keys revoke'],
  // With pages of their own.
  'topic draft': ['tryTopic', 'topics try'],
  'topic-store': ['storeTopic', 'topics add'],
  'papers-import': ['importListing', 'papers import'],
};

test('every button of the console is named here', () => {
  const elsewhere = ['topic draft', 'topic-store', 'papers-import'];
  expect(Object.keys(powers).toSorted()).toEqual([...Object.keys(actions), ...elsewhere].toSorted());
});

test.each(Object.entries(powers))(
  '%s is there by the API, and as a command',
  (_button, [operation, command]) => {
    const [noun, verb] = command.split(' ');
    const names = program.commands.find((one) => one.name() === noun)?.commands.map((one) => one.name());
    expect(names).toContain(verb);
    if (operation !== null) expect(listApiRoutes().map(({ id }) => id)).toContain(operation);
  },
);
