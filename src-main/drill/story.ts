/**
 * The story of a drill: a group is protected, its primary site is lost, production moves, the old side comes back, is
 * refused and becomes the replica, and production moves home. Each step is proved before the next begins.
 */
import type { Proof } from '../contract/drill.ts';
import { formatBytes, formatSeconds } from '../contract/figures.ts';
import type { GroupView } from '../contract/groups.ts';
import type { Operation, SiteLetter } from '../contract/phases.ts';
import { groupName, siteNames, type Done, type Stage } from './stage.ts';
import { Witness } from './witness.ts';

const { A, B } = siteNames;

/** How many steps it has. */
export const stepsInAll = 13;

export class Story {
  /** What the drill came to. */
  readonly findings: { title: string; text: string }[] = [];
  /** What each volume is, in a few words. */
  readonly volumes: { name: string; what: string }[] = [];
  readonly #stage: Stage;
  readonly #witness: Witness;
  readonly #volumeBytes: number;
  /** The newest point, as in "point 1.2". */
  #point = '';
  /** What Hall A wrote after it, in words. */
  #lost = '';

  constructor(stage: Stage, volumeBytes: number) {
    this.#stage = stage;
    this.#witness = new Witness(stage);
    this.#volumeBytes = volumeBytes;
  }

  /** Plays it to its end. Rejects with the error of the step that failed, a SitepairError. */
  async play(): Promise<void> {
    await this.#protect();
    await this.#disaster();
    await this.#wayBack();
  }

  async #protect(): Promise<void> {
    const witness = this.#witness;
    await this.#step('Sites and volumes', () => this.#makeGroup(), null);
    await this.#step(
      'Seed',
      () => this.#run('protect', 'the first copy'),
      () => witness.both('equal'),
    );
    await this.#step(
      'Changed data',
      () => this.#change('A'),
      () => witness.both('different'),
    );
    await this.#step(
      'Cycle',
      () => this.#run('sync', 'moved only what has changed'),
      () => witness.both('equal'),
    );
  }

  async #disaster(): Promise<void> {
    const witness = this.#witness;
    await this.#step(
      `${A} is lost`,
      () => this.#lose(),
      () => witness.unchanged('B', `${B} still holds ${this.#point}`),
    );
    await this.#step(
      'Unplanned failover',
      () => this.#failOver(),
      async () => witness.sound('B', await witness.unchanged('B', `${B} holds exactly ${this.#point}`)),
    );
    await this.#step(
      'Production goes on',
      () => this.#change('B'),
      () => witness.movedOn('B', `${B} is different from ${this.#point}`),
    );
    await this.#step(
      `${A} comes back`,
      () => this.#comeBack(),
      () => this.#nothingWritten(),
    );
    await this.#step(
      'Commit',
      () => this.#commit(),
      () => witness.unchanged('B', `${B} is as production left it`),
    );
  }

  async #wayBack(): Promise<void> {
    const witness = this.#witness;
    await this.#step(
      'Reprotect',
      () => this.#reprotect(),
      () => witness.both('equal'),
    );
    await this.#step(
      'Failback',
      () => this.#failBack(),
      async () => witness.sound('A', await witness.holds('A', 'B', `${A} holds all that ${B} wrote`)),
    );
    await this.#step(
      'Commit failback',
      () => this.#commit(),
      () => witness.unchanged('A', `${A} is as production left it`),
    );
    await this.#step(
      'Reprotect again',
      () => this.#reprotectAgain(),
      () => witness.both('equal'),
    );
  }

  #step(title: string, act: () => Promise<Done>, proofOf: (() => Promise<Proof>) | null): Promise<void> {
    return this.#stage.step(title, act, proofOf);
  }

  #find(title: string, text: string): void {
    this.findings.push({ title, text });
  }

  async #makeGroup(): Promise<Done> {
    const { place, application, volumes } = this.#stage;
    for (const volume of volumes) {
      this.#stage.doing(`making ${volume.name}`);
      this.volumes.push({ name: volume.name, what: await volume.make(place.volume('A', volume.name)) });
    }
    const { group } = await application.invoke('groups.create', {
      name: groupName,
      primarySite: A,
      recoverySite: B,
      pairs: volumes.map(({ name }) => ({ source: place.volume('A', name), target: place.volume('B', name) })),
      primaryStore: place.store('A'),
      recoveryStore: place.store('B'),
      policy: {},
    });
    const each = this.volumes.map(({ name, what }) => `${name} ${what}`).join(', ');
    return { group, facts: [`${formatBytes(this.#volumeBytes)} each: ${each}`] };
  }

  async #run(operation: Operation, what: string): Promise<Done> {
    const { run, group } = await this.#stage.operate(operation);
    this.#point = `point ${run.pointId ?? ''}`;
    return { run, group, facts: [`${what}; ${this.#point}`] };
  }

  async #change(site: SiteLetter): Promise<Done> {
    const bytes = await this.#stage.writeAsProduction(site);
    return {
      group: await this.#stage.group(),
      facts: [`production wrote ${formatBytes(bytes)} at ${siteNames[site]}`],
    };
  }

  async #lose(): Promise<Done> {
    const bytes = await this.#stage.writeAsProduction('A');
    this.#lost = formatBytes(bytes);
    await this.#witness.look('A');
    this.#stage.place.lose('A');
    const fact = `production wrote ${this.#lost} that no point has; then ${A} was out of reach`;
    return { group: await this.#stage.group(), facts: [fact] };
  }

  async #failOver(): Promise<Done> {
    const { run, group } = await this.#stage.operate('failover');
    const point = group.points.find((one) => one.id === run.pointId);
    const age = (Date.parse(run.startedAt) - Date.parse(point?.at ?? run.startedAt)) / 1000;
    const taken = `to ${this.#point}, ${formatSeconds(age)} old, ${point?.consistency ?? ''}-consistent`;
    this.#find('Lost by the failover', `${this.#lost}, written at ${A} after ${this.#point}`);
    return { run, group, facts: [`${taken}; lost: the ${this.#lost} since`] };
  }

  async #comeBack(): Promise<Done> {
    this.#stage.place.bringBack('A');
    const { run, group, why } = await this.#stage.refused('sync');
    return { run, group, facts: [`sync is rightly refused: ${why}`] };
  }

  async #nothingWritten(): Promise<Proof> {
    const old = await this.#witness.unchanged('A', '');
    const live = await this.#witness.unchanged('B', 'nothing was written at either site');
    return { ...live, holds: live.holds && old.holds, volumes: [...old.volumes, ...live.volumes] };
  }

  async #commit(): Promise<Done> {
    const before = await this.#stage.group();
    const { run, group } = await this.#stage.operate('commit');
    const ended = before.points.length - group.points.length;
    return {
      run,
      group,
      facts: [`${ended} ${ended === 1 ? 'point' : 'points'} ended; undo and change of point are closed`],
    };
  }

  async #reprotect(): Promise<Done> {
    const { run, group } = await this.#stage.operate('reprotect');
    const all = formatBytes(this.#volumeBytes * this.volumes.length);
    this.#find('Moved by the reprotect', `${formatBytes(run.bytesWritten)} of ${all}`);
    return { run, group, facts: [`moved only what differs; point ${run.pointId ?? ''}`, ...kept(group)] };
  }

  async #failBack(): Promise<Done> {
    const bytes = await this.#stage.writeAsProduction('B');
    await this.#witness.look('B');
    const { run, group } = await this.#stage.operate('failback');
    this.#find('Lost by the failback', 'nothing');
    return {
      run,
      group,
      facts: [`production wrote ${formatBytes(bytes)} at ${B}; the last cycle moved it, nothing is lost`],
    };
  }

  async #reprotectAgain(): Promise<Done> {
    const bytes = await this.#stage.writeAsProduction('A');
    const { run, group } = await this.#stage.operate('reprotect');
    return {
      run,
      group,
      facts: [`production wrote ${formatBytes(bytes)} at ${A}; all is as it began; point ${run.pointId ?? ''}`],
    };
  }
}

/** What a reprotect overwrote and keeps. */
function kept(group: GroupView): string[] {
  const before = group.points.find((point) => point.kind === 'before-reprotect');
  return before === undefined ? [] : [`what ${A} had written is kept as point ${before.id} (${before.kind})`];
}
