/** Where the operator is: kept in the address. */
import { addressOf, placeOf, type Place } from './address.ts';

let present = $state<Place>(placeOf(location.hash));
addEventListener('hashchange', () => {
  present = placeOf(location.hash);
});

export const place = {
  get now(): Place {
    return present;
  },
  go(to: Place): void {
    location.hash = addressOf(to);
  },
};
