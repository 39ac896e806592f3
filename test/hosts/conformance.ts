/** What every host with a window owes to its page: the contract, and nothing beside it. */
import type { Page } from 'playwright-core';
import { describe, expect, test, type TestContext } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import { answerSchema, type Answer } from '../../src-main/contract/bridge.ts';
import { calls, type Application, type CallName } from '../../src-main/contract/contract.ts';
import { skipUnless } from '../needs.ts';
import { Scratch } from '../volumes/scratch.ts';
import { ApplicationDouble } from './cli/application-double.ts';
import { sampleProgress } from './cli/sample-reports.ts';
import { sampleInput } from './sample-input.ts';

/** A host with a window, in a test. */
export interface HostSubject {
  host: 'electron' | 'chromium';
  /** Opens a window on an application, until the test ends. */
  open: (context: TestContext, application: Application) => Promise<Page>;
}

const names = Object.keys(calls) as CallName[];

async function call(page: Page, name: unknown, input: unknown): Promise<Answer> {
  const answer: unknown = await page.evaluate(`sitepair.invoke(${JSON.stringify(name)}, ${JSON.stringify(input)})`);
  expect(JSON.stringify(answer), 'no stack trace reaches a page').not.toMatch(/\\n\s+at /);
  return answerSchema.parse(answer);
}

function refusal(answer: Answer): string {
  if (answer.ok) return 'it was answered';
  expect([answer.error.message, answer.error.remedy].every((sentence) => sentence !== '')).toBe(true);
  return answer.error.code;
}

/** A window on the real application, with a catalog of its own. */
async function realWindow(context: TestContext, subject: HostSubject): Promise<{ page: Page; folder: string }> {
  const scratch = new Scratch(context);
  const application = await createApplication({
    home: scratch.path('home'),
    operator: 'tester',
    clientName: subject.host,
  });
  scratch.later(() => application.close());
  return { page: await subject.open(context, application), folder: scratch.path('nothing') };
}

/** The suite that every host passes. */
export function describeHost(subject: HostSubject): void {
  const { host } = subject;
  describe(`the window of the ${host} host`, () => {
    test('has the bridge, and nothing else of the program', async (context) => {
      skipUnless(context, { commands: ['chromium'] });
      const { page } = await realWindow(context, subject);
      expect(await page.evaluate('Object.keys(sitepair).sort()')).toEqual(['host', 'invoke', 'subscribe']);
      expect(await page.evaluate('[Object.isFrozen(sitepair), sitepair.host]')).toEqual([true, host]);
      expect(await page.evaluate('[typeof require, typeof process, typeof module]')).toEqual(
        Array.from({ length: 3 }, () => 'undefined'),
      );
    });

    test('answers every call of the contract as its schema says', async (context) => {
      skipUnless(context, { commands: ['chromium'] });
      const { page, folder } = await realWindow(context, subject);
      for (const name of names) {
        const answer = await call(page, name, sampleInput(calls[name].input, folder));
        if (answer.ok) expect(calls[name].output.safeParse(answer.output).error, name).toBeUndefined();
        else expect(refusal(answer), name).not.toBe('internal');
      }
    });

    test('refuses input that does not fit, and calls that are not there', async (context) => {
      skipUnless(context, { commands: ['chromium'] });
      const { page } = await realWindow(context, subject);
      for (const name of names) {
        for (const input of [null, 7, 'text', [1]]) {
          expect(refusal(await call(page, name, input)), `${name} ${JSON.stringify(input)}`).toBe('invalid-input');
        }
      }
      for (const name of ['nothing', 'toString', '__proto__', '', null, 3]) {
        expect(refusal(await call(page, name, {})), String(name)).toBe('invalid-input');
      }
    });

    test('tells defects without their stack', async (context) => {
      skipUnless(context, { commands: ['chromium'] });
      const application = new ApplicationDouble().answer('settings.get', () => {
        throw new Error('broken');
      });
      const page = await subject.open(context, application);
      expect(refusal(await call(page, 'settings.get', {}))).toBe('internal');
    });

    test('hears what is pushed while it subscribes, and nothing that is no report', async (context) => {
      skipUnless(context, { commands: ['chromium'] });
      const application = new ApplicationDouble();
      const page = await subject.open(context, application);
      // A page of the same origin without the program in it: nobody else listens there.
      await page.goto(new URL('/mark.svg', page.url()).href);
      await page.evaluate(`
        globalThis.heard = { first: [], second: [] };
        globalThis.end = sitepair.subscribe('run.progress', (report) => heard.first.push(report));
        sitepair.subscribe('run.progress', (report) => heard.second.push(report));
        sitepair.subscribe('run.ended', (report) => heard.second.push(report));
      `);
      const heard = (list: 'first' | 'second'): Promise<unknown> => page.evaluate(`heard.${list}`);
      const [one, two] = [sampleProgress({ elapsedSeconds: 1 }), sampleProgress({ elapsedSeconds: 2 })];
      application.push('run.progress', one);
      await expect.poll(() => heard('second')).toEqual([one]);
      await page.evaluate('void end()');
      Reflect.apply(application.push.bind(application), application, ['run.ended', { runId: 7 }]);
      application.push('run.progress', two);
      await expect.poll(() => heard('second')).toEqual([one, two]);
      expect(await heard('first')).toEqual([one]);
    });

    test('shows the program, with nothing to complain of', async (context) => {
      skipUnless(context, { commands: ['chromium'] });
      const { page } = await realWindow(context, subject);
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.reload();
      await page.getByText('Nothing is protected yet').first().waitFor();
      expect(complaints).toEqual([]);
      await expect(page.evaluate('fetch("https://example.org/")')).rejects.toThrow();
    });
  });
}
