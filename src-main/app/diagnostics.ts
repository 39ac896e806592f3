/**
 * What is known when something is odd, as plain text for a mail: versions, groups with their phases, how the last runs
 * ended. No content and no path of a volume is in it.
 */
import { arch, release, type } from 'node:os';
import type { Catalog } from '../catalog/database.ts';
import { versionOf } from '../catalog/migrations.ts';
import type { Runs } from '../catalog/runs.ts';
import type { PlayedDrill } from '../contract/drill.ts';
import type { GroupView } from '../contract/groups.ts';
import type { About } from '../contract/machine.ts';
import type { Run } from '../contract/runs.ts';
import { counted, describeSeconds } from '../contract/wording.ts';

/** How long the groups are waited for, milliseconds: where a store hangs, the rest is wanted all the more. */
const patience = 10_000;
/** How many runs are told. */
const runsTold = 20;

export interface DiagnosticFacts {
  about: About;
  /** Of the catalog. */
  schemaVersion: number;
  groups: Promise<readonly GroupView[]>;
  /** Newest first. */
  runs: readonly Run[];
  /** The last one of this window. */
  drill: PlayedDrill | null;
}

interface Known extends Omit<DiagnosticFacts, 'schemaVersion' | 'runs'> {
  catalog: Catalog;
  runs: Runs;
}

/** The text with what the catalog knows. Rejects as `Catalog.read` throws. */
export async function diagnose({ catalog, runs, ...known }: Known): Promise<{ text: string }> {
  const told = { schemaVersion: catalog.read(versionOf), runs: runs.list({ limit: runsTold }) };
  return { text: await diagnosticText({ ...known, ...told }) };
}

/** Never rejects; resolves within 10 s, whatever the groups' stores do. */
export async function diagnosticText({ about, schemaVersion, groups, runs, drill }: DiagnosticFacts): Promise<string> {
  const shell = 'electron' in process.versions ? `, Electron ${process.versions.electron}` : '';
  return [
    `Sitepair ${about.version}, ${new Date().toISOString()}`,
    `Window: ${about.client}; Node ${process.versions.node}${shell}`,
    `Machine: ${about.hostName}, ${type()} ${release()}, ${arch()}`,
    `Operator: ${about.operator}${about.privileged ? ', may open every device' : ''}`,
    `Catalog: ${about.home}, schema ${schemaVersion}`,
    ...(await Promise.race([groupLines(groups), notInTime()])),
    runs.length === 0 ? 'No runs' : `The last ${counted(runs.length, 'run')}, newest first:`,
    ...runs.map(runLine),
    ...(drill === null ? [] : [drillLine(drill)]),
    '',
  ].join('\n');
}

async function groupLines(reading: Promise<readonly GroupView[]>): Promise<string[]> {
  try {
    const groups = await reading;
    return [`${counted(groups.length, 'group')}${groups.length === 0 ? '' : ':'}`, ...groups.map(groupLine)];
  } catch (error) {
    return [`The groups could not be read: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function groupLine({ name, phase, activeSite, epoch, health, pairs, points, stores }: GroupView): string {
  const read = stores.map(({ site, state }) => `store ${site} ${state}`).join(', ');
  const production = `production at ${activeSite ?? 'an unknown'} site`;
  const counts = `${counted(pairs.length, 'pair')}, ${counted(points.length, 'point')}`;
  return `  ${name}: ${phase}, ${production}, epoch ${epoch}, health ${health.level}, ${counts}, ${read}`;
}

function runLine({ startedAt, operation, groupName, outcome, seconds, error, id }: Run): string {
  const ended = outcome === null ? 'running' : `${outcome} after ${describeSeconds(seconds)}`;
  const code = error === undefined ? '' : ` (${error.code})`;
  return `  ${startedAt} ${operation} of ${groupName}: ${ended}${code}, run ${id}`;
}

function drillLine({ state, report, error }: PlayedDrill): string {
  const { verdict, steps, leftOut } = report;
  const where = steps.length === 0 ? 'before its first step' : `at step ${steps.length}, ${steps.at(-1)?.title}`;
  const code = error === undefined ? '' : ` (${error.code})`;
  return [`Drill ${state === 'ended' ? verdict : state} ${where}${code}`, ...leftOut].join('; ');
}

function notInTime(): Promise<string[]> {
  return new Promise((resolve) => {
    const words = ['The groups are not told: their stores did not answer within 10 s'];
    setTimeout(() => resolve(words), patience).unref();
  });
}
