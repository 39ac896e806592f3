/** Where the operator is: kept in the address, so that going back works as everywhere. */
export type Place =
  | { view: 'overview' }
  | { view: 'groups' }
  | { view: 'group'; name: string }
  | { view: 'volumes' }
  | { view: 'runs' }
  | { view: 'run'; id: string }
  | { view: 'audit' }
  | { view: 'settings' }
  | { view: 'protect' }
  | { view: 'wizard'; operation: string; name: string };

function parse(hash: string): Place {
  const [view = '', ...rest] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  const [first = '', second = ''] = rest;
  switch (view) {
    case 'groups':
      return first === '' ? { view } : { view: 'group', name: first };
    case 'runs':
      return first === '' ? { view } : { view: 'run', id: first };
    case 'do':
      return { view: 'wizard', operation: first, name: second };
    case 'volumes':
    case 'audit':
    case 'settings':
    case 'protect':
      return { view };
    default:
      return { view: 'overview' };
  }
}

/** The address of a place. */
export function addressOf(place: Place): string {
  const name = encodeURIComponent;
  switch (place.view) {
    case 'group':
      return `#/groups/${name(place.name)}`;
    case 'run':
      return `#/runs/${name(place.id)}`;
    case 'wizard':
      return `#/do/${place.operation}/${name(place.name)}`;
    default:
      return `#/${place.view}`;
  }
}

let present = $state<Place>(parse(location.hash));
addEventListener('hashchange', () => {
  present = parse(location.hash);
});

export const place = {
  get now(): Place {
    return present;
  },
  go(to: Place): void {
    location.hash = addressOf(to);
  },
};
