// What endpoints are told of, a line each. Loads nothing: commands offer them before they run.

export const events = {
  'subscriber.confirmed': 'somebody reads from now on',
  'subscriber.unsubscribed': 'somebody reads no more',
  'delivery.bounced': 'a mail came back, or was refused',
  'edition.done': 'nothing of an edition is left to send',
} as const;

export type EventType = keyof typeof events;

export const eventTypes = Object.keys(events) as EventType[];

/** What a try is of, that an operator asked for. */
export const testType = 'webhook.test';
