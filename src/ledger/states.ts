// The states a promised mail can be in. Loads nothing: commands offer them before they run.

export const deliveryStates = [
  'planned',
  'claimed',
  'data_started',
  'accepted',
  'deferred',
  'rejected',
  'unknown',
  'nothing',
  'cancelled',
] as const;

export type DeliveryState = (typeof deliveryStates)[number];
