/** What a drill tells: each step as it ends, and the whole. `--json` prints the whole. */
import type { AuditVerdict } from '../../../contract/machine.ts';
import type { RunFigures } from '../../../contract/runs.ts';
import type { Directed } from '../render/direction.ts';
import type { Proof } from './proof.ts';

export interface DrillStep {
  /** From 1. */
  number: number;
  title: string;
  outcome: 'done' | 'failed' | 'cancelled';
  /** The group as the step left it; null before there is one. */
  group: Directed | null;
  /** Of the run that the step made; null where it made none. */
  figures: RunFigures | null;
  pointId?: string;
  /** What the step itself took, without the digests of its proof. */
  seconds: number;
  /** What it did, in phrases without their end. */
  facts: string[];
  /** Null where nothing is to be proved, or where the step did not get as far. */
  proof: Proof | null;
}

export interface DrillReport {
  verdict: 'succeeded' | 'failed' | 'cancelled';
  directory: string;
  /** Whether the directory was left in place. */
  kept: boolean;
  /** Where its catalog lies, or lay. */
  home: string;
  volumeBytes: number;
  volumes: { name: string; what: string }[];
  steps: DrillStep[];
  /** All of it, proofs included. */
  seconds: number;
  /** What the drill came to. */
  findings: { title: string; text: string }[];
  /** What this machine could not do, one sentence each. */
  leftOut: string[];
  /** Null where the drill did not get as far. */
  audit: AuditVerdict | null;
}
