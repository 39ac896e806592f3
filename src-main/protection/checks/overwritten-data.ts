import type { SiteLetter } from '../../contract/phases.ts';
import { describeBytes } from '../../contract/wording.ts';
import { pointId, type PairDefinition } from '../../store/record.ts';
import { saidByMarks } from '../marks.ts';
import { joiningAt, waysOn } from '../operations/joining.ts';
import { otherSite } from '../states.ts';
import { heldByNew, heldData } from './held-data.ts';
import { sampleAgainstMap } from './sample.ts';
import {
  type Check,
  type CheckInput,
  type Finding,
  type SampleResult,
  keptPairs,
  pass,
  siteName,
  together,
} from './check.ts';

export const overwrittenData: Check = {
  id: 'overwritten-data',
  title: 'What will be overwritten is known',
  why: 'Overwritten data is what operators of other systems lost; here it is said beforehand and saved.',
  look: (input): Finding | Promise<Finding> => {
    if (input.scope.operation === 'protect') return targetsOfSeed(input);
    if (input.scope.operation === 'sync') return targetsOfJoining(input);
    if (input.scope.operation === 'reprotect') return targetsOfReprotect(input);
    return writtenByProduction(input);
  },
};

async function targetsOfSeed(input: CheckInput): Promise<Finding> {
  const { group } = input;
  const { request } = input.context;
  const held = await heldData(input, input.scope.pairs);
  if (held.bytes === 0) return pass('The targets are blank or will be made.');
  const found = `These targets hold data, ${held.said}.`;
  if (request.overwrite !== true) {
    return {
      status: 'fail',
      found,
      remedy: `Give a blank target; or overwrite it, its content being saved as the point before-protect: sitepair protect ${group.name} --overwrite --confirm ${group.name}`,
    };
  }
  return {
    status: 'warn',
    found: `${found} ${request.discard === true ? 'It will be lost (--discard).' : 'It is saved as the point before-protect before it is overwritten; a seed that finds no space for that stops.'}`,
    remedy:
      request.discard === true
        ? `To have it saved instead: sitepair protect ${group.name} --overwrite --confirm ${group.name}`
        : '',
  };
}

/** What the targets of added pairs hold, and what was allowed of it when they were added. */
async function targetsOfJoining(input: CheckInput): Promise<Finding> {
  const { group, scope } = input;
  const joining = joiningAt(group.definition, scope.written ?? group.replicaSite);
  const findings: Finding[] = [];
  for (const pair of joining) {
    const data = await heldData(input, [pair]);
    if (data.bytes === 0) continue;
    const found = `The target of the added pair ${pair.id} holds data, ${data.said}.`;
    if (pair.held === 'refuse') findings.push({ status: 'fail', found, remedy: waysOn(group.name, pair) });
    if (pair.held === 'save') findings.push({ status: 'warn', found: `${found} It is saved first.`, remedy: '' });
    if (pair.held === 'discard') findings.push({ status: 'warn', found: `${found} It will be lost.`, remedy: '' });
  }
  const [first, ...more] = findings;
  if (first === undefined) return pass('The targets of added pairs are blank or will be made.');
  return together([first, ...more]);
}

async function targetsOfReprotect(input: CheckInput): Promise<Finding> {
  const fresh = await newVolumes(input);
  const kept = keptPairs(input);
  if (kept.length === 0) return fresh ?? pass('All volumes are replaced; nothing that exists is overwritten.');
  const old = await oldProduction(input, kept);
  if (fresh === null) return old;
  return {
    status: fresh.status,
    found: `${fresh.found} ${old.found}`,
    remedy: fresh.status === 'fail' ? fresh.remedy : old.remedy,
  };
}

/** What the new volumes hold that replace old ones; null where they are blank. */
async function newVolumes(input: CheckInput): Promise<Finding | null> {
  const held = await heldByNew(input);
  if (held.bytes === 0) return null;
  const found = `These new volumes hold data, ${held.said}.`;
  if (input.context.request.overwrite === true) {
    const saved =
      'It will be overwritten, and saved: undo brings it back as long as the point before-reprotect is kept.';
    return { status: 'warn', found: `${found} ${saved}`, remedy: '' };
  }
  return {
    status: 'fail',
    found,
    remedy:
      'Give a blank volume; or choose that its data may be overwritten (--overwrite): it is saved first, and undo brings it back.',
  };
}

/** What the old volumes that stay hold since they were production's. */
async function oldProduction(input: CheckInput, kept: PairDefinition[]): Promise<Finding> {
  const { group, scope, context } = input;
  const target = scope.written ?? group.replicaSite;
  const active = group.sides[otherSite(target)].store;
  const sample =
    active === null
      ? null
      : await sampleAgainstMap(
          { ...input, scope: { ...scope, pairs: kept } },
          target,
          active,
          context.request.exact === true,
        );
  if (sample === null) {
    return {
      status: 'warn',
      found: `How much ${siteName(input, target)} wrote after the last cycle cannot be told: no digest map of it is left. All that differs is saved as the point before-reprotect.`,
      remedy: '',
    };
  }
  if (sample.differingChunks === 0) {
    return pass(
      `${siteName(input, target)} wrote nothing after ${promotedAt(input)}, by ${sample.basis}; what differs is saved as the point before-reprotect.`,
    );
  }
  return {
    status: 'warn',
    found: `${siteName(input, target)} holds ${amountOf(sample)} that no point has, written after ${promotedAt(input)}. It will be overwritten, and saved as the point before-reprotect.`,
    remedy: sample.exact
      ? ''
      : `To know it exactly, all of it is read: sitepair check ${group.name} --for reprotect --exact`,
  };
}

/** How much differs: whole chunks, so what is copied and saved of them comes to less. */
function amountOf({ exact, likelyBytes, upperBytes, basis }: SampleResult): string {
  const whole = `by ${basis}, each counted whole`;
  if (exact) return `${describeBytes(likelyBytes)} (${whole})`;
  return `about ${describeBytes(likelyBytes)} (at most ${describeBytes(upperBytes)}, ${whole})`;
}

/**
 * The point that both sides had in common last, which is not the newest where production went on from an older one; and
 * when the target lost its role, as far as the lineage tells it.
 */
function promotedAt({ group }: CheckInput): string {
  const active = otherSite(group.replicaSite);
  const position = group.recordOf(active)?.position ?? null;
  const lost = group.ownership.governing?.lineage.findLast((promotion) => promotion.site !== group.replicaSite);
  const name = group.definition.siteNames[active];
  const point = position === null ? 'the point' : `point ${pointId(position)}`;
  return `${point}, which ${name} went into production from${lost === undefined ? '' : ` at ${lost.at}`}`;
}

/** Nothing differs. A sample that left chunks out proves nothing where the write marks do not say the same. */
function unseenWrites(input: CheckInput, written: SiteLetter, sample: SampleResult): Finding {
  const { group, context } = input;
  const name = siteName(input, written);
  if (sample.exact) return pass(`${name} has written nothing since the failover, by ${sample.basis}.`);
  const marks = saidByMarks(group, context.platform, written);
  if (marks === 'unwritten') {
    return pass(`${name} has written nothing since the failover, by its write marks and ${sample.basis}.`);
  }
  const said =
    marks === 'written'
      ? `${name} was written since the failover, by its write marks; ${sample.basis} saw no difference, so it is at most ${describeBytes(sample.upperBytes)}`
      : `Whether ${name} was written since the failover cannot be told by write marks; ${sample.basis} saw no difference`;
  return {
    status: 'warn',
    found: `${said}. All that differs is saved as the point before-undo.`,
    remedy: `Read all of it to be sure: sitepair check ${group.name} --for undo --exact`,
  };
}

async function writtenByProduction(input: CheckInput): Promise<Finding> {
  const { group, scope } = input;
  const written = scope.written ?? group.replicaSite;
  const store = group.sides[written].store;
  if (scope.read === null || store === null) {
    return pass('What is overwritten lies in the journals and can be brought back.');
  }
  const sample = await sampleAgainstMap(input, written, store, input.context.request.exact === true);
  if (sample === null) {
    return {
      status: 'warn',
      found: `What ${siteName(input, written)} wrote since the failover cannot be told; all that differs is saved as before-undo.`,
      remedy: '',
    };
  }
  if (sample.differingChunks === 0) return unseenWrites(input, written, sample);
  return {
    status: 'warn',
    found: `${siteName(input, written)} has written ${amountOf(sample)} since the failover. It will be overwritten, and saved as the point before-undo.`,
    remedy: 'Commit and reprotect instead to keep that side.',
  };
}
