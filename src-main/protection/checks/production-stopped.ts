import { mayRun, productionStopped as ask } from '../hooks.ts';
import { asReport } from '../errors.ts';
import { stopCommandAt, stoppedCommandAt } from '../plan/servers.ts';
import { siteEnvironment } from '../plan/step-environment.ts';
import { sideStopped } from '../plan/steps-around.ts';
import { otherSite } from '../states.ts';
import { describeIfThere } from '../operations/targets.ts';
import { type Check, type CheckInput, type Finding, listed, othersUnseen, pass, siteName } from './check.ts';

export const productionStopped: Check = {
  id: 'production-stopped',
  title: 'Production is not seen running',
  why: 'What production writes after the last cycle is lost when sides change, and two live copies cannot be joined again.',
  look: async (input): Promise<Finding> => {
    const { group, context, scope } = input;
    const site = otherSite(scope.written ?? group.replicaSite);
    const uses = usesAt(input, site);
    const stop = stoppedByRun(input, site);
    if (uses.running.length > 0) {
      if (stop !== null) return willBeStopped(input, site, stop, listed(uses.running));
      return {
        status: 'fail',
        found: listed(uses.running),
        // Its processes come and go.
        gist: listed([...uses.runningOn].map((path) => `${path} is in use`)),
        remedy: `Stop production at ${siteName(input, site)}, then check again.`,
      };
    }
    const stoppedCheck = stoppedCommandAt(group, site);
    if (stoppedCheck !== null && !mayRun(stoppedCheck, context.registration)) {
      return {
        status: 'unknown',
        found: `The stopped check came with a store and is off until confirmed: ${stoppedCheck}`,
        remedy: `Read the command; if it may run here: sitepair group set ${group.name} --confirm-hooks`,
      };
    }
    if (stoppedCheck !== null) {
      const { stopped, said } = await ask(
        stoppedCheck,
        group.definition,
        context.steering,
        siteEnvironment(group, site),
      );
      const words = said === '' ? '' : ` (${said})`;
      if (stopped === true) return pass(`The stopped check says that production is stopped${words}.`);
      if (stopped === false && stop !== null) {
        return willBeStopped(input, site, stop, `The stopped check says that production runs${words}.`);
      }
      return {
        status: stopped === false ? 'fail' : 'unknown',
        found:
          stopped === false
            ? `The stopped check says that production runs${words}.`
            : `The stopped check gave no answer${words}.`,
        gist: stopped === false ? 'the stopped check says that it runs' : 'the stopped check gave no answer',
        remedy: `Stop production at ${siteName(input, site)}, or mend the stopped check; then check again.`,
      };
    }
    if (uses.unseen.length > 0) {
      return {
        status: 'unknown',
        found: `${uses.unseen.join('; ')}: whether production writes there cannot be seen from here.`,
        remedy: `${[...uses.remedies, ''].join(' ')}Stop production there, withdraw its mounts, and set a stopped check that this machine can ask: sitepair group set ${group.name} --stopped-check COMMAND`,
      };
    }
    const unseen = context.platform.unseenProcesses();
    if (unseen > 0) {
      return {
        status: 'unknown',
        found: `No use of the volumes at ${siteName(input, site)} is seen, but ${othersUnseen(unseen)}.`,
        gist: 'processes of others are not seen',
        remedy: `Make sure that production is stopped. To have it looked at, run as root, or set a stopped check: sitepair group set ${group.name} --stopped-check COMMAND`,
      };
    }
    return pass(
      `Nothing on this machine has the volumes at ${siteName(input, site)} in use. What other machines may have in use is not seen from here, and no stopped check is set that asks them.`,
    );
  },
};

/** The command with which the run stops the servers of a site before it begins; null where it does not. */
function stoppedByRun({ group, context, scope }: CheckInput, site: 'A' | 'B'): string | null {
  const stops = sideStopped(scope.operation, scope.written ?? group.replicaSite) === site;
  const leftOut = context.request.steps?.some(({ id }) => id === 'stop-servers') === true;
  return stops && !leftOut && context.stepsDone !== true ? stopCommandAt(group, site) : null;
}

function willBeStopped(input: CheckInput, site: 'A' | 'B', stop: string, found: string): Finding {
  return {
    status: 'warn',
    found: `${found} The servers of ${siteName(input, site)} are stopped before anything else is done, and it is looked at again: ${stop}`,
    remedy: '',
  };
}

interface UsesAt {
  running: string[];
  runningOn: Set<string>;
  unseen: string[];
  /** What to do about volumes that do not answer. */
  remedies: Set<string>;
}

function usesAt(input: CheckInput, site: 'A' | 'B'): UsesAt {
  const running: string[] = [];
  const runningOn = new Set<string>();
  const unseen: string[] = [];
  const remedies = new Set<string>();
  for (const pair of input.group.definition.pairs) {
    const path = pair.paths[site];
    try {
      const description = describeIfThere(input.context.platform, path);
      if (description === null) unseen.push(`${path} is not there`);
      else if (description.network !== null) unseen.push(`${path} lies on ${description.network}`);
      if (description === null) continue;
      const writing = input.context.platform.uses(path).filter((use) => use.writes);
      running.push(...writing.map((use) => `${path} is ${use.detail}`));
      if (writing.length > 0) runningOn.add(path);
    } catch (error) {
      const { code, message, remedy } = asReport(error);
      unseen.push(code === 'volume-stalled' ? message.replace(/\.$/, '') : `${path} does not answer`);
      if (code === 'volume-stalled') remedies.add(remedy);
    }
  }
  return { running, runningOn, unseen, remedies };
}
