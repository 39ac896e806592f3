import fs from 'node:fs';
import { reasonOf } from '../errors.ts';
import { remedyOfDenied } from '../side.ts';
import { type Check, type Finding, listed, pass, siteName } from './check.ts';

export const storesWritable: Check = {
  id: 'stores-writable',
  title: 'The stores can be written',
  why: 'Without its store nothing that is overwritten could be saved, and no state would be durable.',
  look: (input): Finding => {
    const { group, scope } = input;
    const refused: string[] = [];
    const options: string[] = [];
    const aside: string[] = [];
    let denied = false;
    const recordsOnly = scope.written === null && scope.read === null;
    for (const site of ['A', 'B'] as const) {
      const side = group.sides[site];
      const needed = site === scope.written || site === scope.read || recordsOnly;
      const list = needed ? refused : aside;
      if (needed && side.denied) denied = true;
      const option = `--${site === group.definition.primarySite ? 'primary' : 'recovery'}-store DIR`;
      if (side.store === null) {
        list.push(`${siteName(input, site)}: ${side.detail}`);
        if (needed) options.push(option);
        continue;
      }
      try {
        fs.accessSync(side.folder, fs.constants.W_OK);
        fs.closeSync(fs.openSync(`${side.folder}/record`, 'r+'));
      } catch (error) {
        list.push(`${siteName(input, site)}: ${side.folder} cannot be written (${reasonOf(error)})`);
        if (needed) options.push(option);
      }
    }
    if (refused.length > 0) {
      return {
        status: recordsOnly && refused.length === 1 ? 'warn' : 'fail',
        found: listed(refused),
        remedy: denied
          ? remedyOfDenied
          : `Mount the file system of the store for writing, and let this user write it; if it was moved, or is lost, tell where it lies or give a new one: sitepair group set ${group.name} ${options.join(' ')} --confirm ${group.name}`,
      };
    }
    if (aside.length > 0) {
      return {
        status: 'warn',
        found: `${listed(aside)} Nothing of it is needed now; its record is brought up to date once it can be written again.`,
        remedy: 'Bring that site back when it can be.',
      };
    }
    return pass('Both stores can be written.');
  },
};
