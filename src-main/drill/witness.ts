/**
 * The witness of a drill: knows what the volumes of each site held when they were last looked at, by digests computed
 * independently of the engine, and says whether that is what it must be.
 */
import type { Expected, Proof } from '../contract/drill.ts';
import type { SiteLetter } from '../contract/phases.ts';
import type { Digests } from './digests.ts';
import { prove } from './proof.ts';
import { siteNames, type Stage } from './stage.ts';

export class Witness {
  readonly #stage: Stage;
  readonly #seen = new Map<SiteLetter, Digests>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Digests the volumes of a site as they are now. */
  async look(site: SiteLetter): Promise<Digests> {
    const digests = await this.#stage.digests(site);
    this.#seen.set(site, digests);
    return digests;
  }

  /** Every volume is the same at both sites, or another at each. */
  async both(expected: 'equal' | 'different'): Promise<Proof> {
    const a = { what: siteNames.A, digests: await this.look('A') };
    const b = { what: siteNames.B, digests: await this.look('B') };
    return prove(`${expected} at ${siteNames.A} and ${siteNames.B}`, expected, a, b);
  }

  /** Every volume of a site is another than when it was last looked at. */
  movedOn(site: SiteLetter, claim: string): Promise<Proof> {
    return this.#against(site, site, 'different', claim);
  }

  /** The volumes of a site are as they were when they were last looked at. */
  unchanged(site: SiteLetter, claim: string): Promise<Proof> {
    return this.#against(site, site, 'unchanged', claim);
  }

  /** The volumes of a site are what those of `other` were when they were last looked at. */
  holds(site: SiteLetter, other: SiteLetter, claim: string): Promise<Proof> {
    return this.#against(site, other, 'equal', claim);
  }

  /** `proof`, and every file system at the site is sound by its own check. */
  async sound(site: SiteLetter, proof: Proof): Promise<Proof> {
    const checked: Proof['checked'] = [];
    for (const volume of this.#stage.volumes) {
      const holds = await volume.check(this.#stage.place.volume(site, volume.name));
      if (holds !== null) checked.push({ volume: volume.name, holds });
    }
    return { ...proof, holds: proof.holds && checked.every(({ holds }) => holds), checked };
  }

  async #against(site: SiteLetter, other: SiteLetter, expected: Expected, claim: string): Promise<Proof> {
    const before = { what: `${siteNames[other]} before`, digests: this.#seen.get(other) ?? new Map<string, string>() };
    const now = { what: `${siteNames[site]} now`, digests: await this.look(site) };
    return prove(claim, expected, before, now);
  }
}
