/** The group's name as the operator typed it: wanted before what destroys, and never passed over where it is wrong. */
import { SitepairError } from '../contract/errors.ts';

/** Whether a command may go on. A name that was given must be right, wanted or not: another group was meant. */
export function isConfirmed(name: string, given: string | undefined, wanted: boolean): boolean {
  return given === undefined ? !wanted : given === name;
}

/** The error of one that may not. `lost` says what is at stake; it is empty where no confirmation is wanted. */
export function unconfirmed(name: string, given: string | undefined, lost: string): SitepairError {
  const wrong = given === undefined ? [] : [`${JSON.stringify(given)} is not the name of the group ${name}.`];
  return new SitepairError({
    code: given === undefined ? 'confirmation-missing' : 'confirmation-wrong',
    message: [...wrong, ...(lost === '' ? [] : [lost])].join(' '),
    where: '--confirm',
    remedy:
      lost === ''
        ? `Leave --confirm out, or make sure which group is meant and type its name: --confirm ${name}`
        : `Make sure which group is meant, then type its name: --confirm ${name}`,
  });
}
