/** The addresses of the window's places, so that going back works as everywhere. */
import { z } from 'zod';
import { jointOperationSchema, type JointOperation } from '../../src-main/contract/failover-plans.ts';
import { operationSchema, type Operation } from '../../src-main/contract/phases.ts';

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
  | { view: 'adopt' }
  | { view: 'drill' }
  | { view: 'verify-all' }
  | { view: 'salvage' }
  | { view: 'plans' }
  | { view: 'plan'; name: string }
  /** Without a name: a new one. */
  | { view: 'plan-editor'; name: string }
  | { view: 'plan-wizard'; operation: JointOperation | 'resume'; name: string }
  | { view: 'group-settings'; name: string }
  | { view: 'add-pair'; name: string }
  | { view: 'remove-pair'; name: string; pairId: string }
  /** `preset` is a choice made beforehand: "point=3.0", "overwrite", "repair", "exact" or "skip-unreadable". */
  | { view: 'wizard'; operation: Operation; name: string; preset?: string };

/** The place of an address ("#/groups/erp"); the overview where it means nothing. */
export function placeOf(hash: string): Place {
  const [view = '', ...rest] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  const [first = '', second = '', third = ''] = rest;
  switch (view) {
    case 'groups':
      if (second === 'settings') return { view: 'group-settings', name: first };
      if (second === 'add-pair') return { view: 'add-pair', name: first };
      if (second === 'remove-pair') return { view: 'remove-pair', name: first, pairId: third };
      return first === '' ? { view } : { view: 'group', name: first };
    case 'plans':
      if (first === '') return { view };
      return second === 'edit' ? { view: 'plan-editor', name: first } : { view: 'plan', name: first };
    case 'new-plan':
      return { view: 'plan-editor', name: '' };
    case 'do-plan': {
      const operation = jointOperationSchema.or(z.literal('resume')).safeParse(first);
      if (!operation.success) return { view: 'plans' };
      return { view: 'plan-wizard', operation: operation.data, name: second };
    }
    case 'runs':
      return first === '' ? { view } : { view: 'run', id: first };
    case 'do': {
      const operation = operationSchema.safeParse(first);
      if (!operation.success) return { view: 'overview' };
      return { view: 'wizard', operation: operation.data, name: second, ...(third === '' ? {} : { preset: third }) };
    }
    case 'volumes':
    case 'audit':
    case 'settings':
    case 'protect':
    case 'adopt':
    case 'drill':
    case 'verify-all':
    case 'salvage':
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
    case 'plan':
      return `#/plans/${name(place.name)}`;
    case 'plan-editor':
      return place.name === '' ? '#/new-plan' : `#/plans/${name(place.name)}/edit`;
    case 'plan-wizard':
      return `#/do-plan/${place.operation}/${name(place.name)}`;
    case 'run':
      return `#/runs/${name(place.id)}`;
    case 'wizard':
      return `#/do/${place.operation}/${name(place.name)}${place.preset === undefined ? '' : `/${name(place.preset)}`}`;
    case 'group-settings':
      return `#/groups/${name(place.name)}/settings`;
    case 'add-pair':
      return `#/groups/${name(place.name)}/add-pair`;
    case 'remove-pair':
      return `#/groups/${name(place.name)}/remove-pair/${name(place.pairId)}`;
    default:
      return `#/${place.view}`;
  }
}
