/**
 * The story of a drill: a group is protected, its primary site is lost, production moves, the old side comes back, is
 * refused and becomes the replica, and production moves home. Each step is proved before the next begins.
 */
import type { GroupView } from '../../../contract/groups.ts';
import type { SiteLetter } from '../../../contract/phases.ts';
import { formatBytes, formatSeconds } from '../quantities.ts';
import type { Digests } from './digests.ts';
import { prove, type Proof } from './proof.ts';
import { groupName, type Done, type Stage } from './stage.ts';

const siteNames: Readonly<Record<SiteLetter, string>> = { A: 'Hall A', B: 'Hall B' };

/** What the drill came to, one sentence each. */
export type Findings = string[];

/**
 * Plays the story to its end. `described` is told what each volume is. Rejects with the error of the step that failed.
 */
export async function playStory(stage: Stage, described: (name: string, what: string) => void): Promise<Findings> {
  const story = new Story(stage, described);
  await story.protect();
  await story.disaster();
  await story.wayBack();
  return story.findings;
}

class Story {
  readonly findings: Findings = [];
  readonly #stage: Stage;
  readonly #described: (name: string, what: string) => void;
  /** What the volumes of each side held when they were last digested. */
  readonly #known = new Map<SiteLetter, Digests>();
  #lostBytes = 0;

  constructor(stage: Stage, described: (name: string, what: string) => void) {
    this.#stage = stage;
    this.#described = described;
  }

  async protect(): Promise<void> {
    const stage = this.#stage;
    await stage.step('Sites and volumes', () => this.#makeGroup(), null);
    await stage.step(
      'Seed',
      () => this.#operation('protect'),
      () => this.#equal('A', 'B'),
    );
    await stage.step(
      'Changed data',
      () => this.#production('A'),
      async () => {
        const before = this.#before('B');
        await this.#look('A');
        return prove(
          'Hall A has moved on: every volume differs from the point at Hall B',
          'different',
          this.#now('A'),
          before,
        );
      },
    );
    await stage.step(
      'Cycle',
      () => this.#operation('sync'),
      () => this.#equal('A', 'B'),
    );
  }

  async disaster(): Promise<void> {
    const stage = this.#stage;
    await stage.step(
      'Hall A is lost',
      () => this.#lose(),
      () => this.#unchanged('B', 'what Hall B holds is the last point'),
    );
    await stage.step(
      'Unplanned failover',
      () => this.#failOver(),
      () => this.#sound('B', this.#unchanged('B', 'Hall B holds exactly the last point')),
    );
    await stage.step(
      'Production goes on',
      () => this.#production('B'),
      async () => {
        const before = this.#before('B');
        await this.#look('B');
        return prove('every volume at Hall B has moved on from the point', 'different', this.#now('B'), before);
      },
    );
    await stage.step(
      'Hall A comes back',
      () => this.#comeBack(),
      async () => {
        const old = await this.#unchanged('A', '');
        const live = await this.#unchanged('B', 'nothing was written at either site');
        return { ...live, holds: live.holds && old.holds, volumes: [...live.volumes, ...old.volumes] };
      },
    );
    await stage.step(
      'Commit',
      () => this.#commit(),
      () => this.#unchanged('B', 'Hall B is as production left it'),
    );
  }

  async wayBack(): Promise<void> {
    const stage = this.#stage;
    await stage.step(
      'Reprotect',
      () => this.#reprotect(),
      () => this.#equal('B', 'A'),
    );
    await stage.step(
      'Failback',
      () => this.#failBack(),
      () => this.#sound('A', this.#equal('A', 'B')),
    );
    await stage.step(
      'Commit failback',
      () => this.#commit(),
      () => this.#unchanged('A', 'Hall A is as production left it'),
    );
    await stage.step(
      'Reprotect again',
      () => this.#reprotectAgain(),
      () => this.#equal('A', 'B'),
    );
  }
}
