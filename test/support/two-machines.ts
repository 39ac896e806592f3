/** An installation at each site, on machines of their own, that look after one group together. */
import { expect, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { Installation } from './installation.ts';
import { TwoSites } from './two-sites.ts';

/** What a test with two machines needs. */
export const needsOfTwoMachines = { root: true, commands: ['mount', 'unshare'] } as const;

export class TwoMachines {
  readonly sites: TwoSites;
  /** At the primary site. */
  readonly a: Installation;
  /** At the recovery site; it made the group, so it runs the cycles. */
  readonly b: Installation;

  /** Skips the test where machines cannot be played here. */
  constructor(context: TestContext) {
    skipUnless(context, needsOfTwoMachines);
    this.sites = new TwoSites(context);
    this.a = new Installation(this.sites.path('home-a'), { machineId: 'a'.repeat(32) });
    this.b = new Installation(this.sites.path('home-b'), { machineId: 'b'.repeat(32) });
  }

  /** Protects the group; each site's volumes then belong to the machine there. */
  async protect(...options: string[]): Promise<void> {
    const { name, primaryStore, recoveryStore } = this.sites;
    await this.b.must(...this.sites.creation(...options));
    await this.b.must('protect', name);
    await this.takeOver(this.a, primaryStore, recoveryStore);
    this.sites.expectMirrored();
    expect((await this.b.group(name)).health.level).not.toBe('critical');
  }

  async takeOver(by: Installation, store: string, otherStore?: string): Promise<void> {
    const other = otherStore === undefined ? [] : ['--other-store', otherStore];
    await by.must('group', 'adopt', store, ...other, '--take-over', '--confirm', this.sites.name);
  }

  /** Each installation while the sites cannot reach each other. */
  get cut(): { a: Installation; b: Installation } {
    return { a: this.a.cutOffFrom(this.sites.path('b')), b: this.b.cutOffFrom(this.sites.path('a')) };
  }
}
