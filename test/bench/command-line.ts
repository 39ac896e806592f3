/** Sitepair as a program: its command line in a process of its own. */
import { join } from 'node:path';
import { runProgram, type Usage } from './programs.ts';

const root = join(import.meta.dirname, '..', '..');

/** Carries a command out; throws where it does not end well. */
export function sitepair(home: string, ...words: string[]): Promise<Usage> {
  const main = join(root, 'src-main/hosts/cli/main.ts');
  return runProgram(join(root, 'scripts/node24'), main, '--home', home, '--json', ...words);
}

/** The words that make a group of one pair, with a store beside each volume. */
export function groupCreation(name: string, dir: string, source: string, target: string): string[] {
  const sites = ['--primary-site', 'A', '--recovery-site', 'B'];
  const stores = ['--primary-store', join(dir, 'store-a'), '--recovery-store', join(dir, 'store-b')];
  return ['group', 'create', name, ...sites, '--pair', `${source}::${target}`, ...stores];
}
