import { expect, test } from 'vitest';
import { RunRequests } from '../../src-main/catalog/run-requests.ts';
import { Runs } from '../../src-main/catalog/runs.ts';
import { emptyDirectory, failureOf, openedCatalog } from './fixtures.ts';
import { sampleRun } from './sample-runs.ts';

const nothing = { cancel: false, pause: false, limit: null };

/** A running run "r1", the requests as another process sees them, and as its owner does. */
function running(): { runs: Runs; asking: RunRequests; owner: RunRequests } {
  const dir = emptyDirectory();
  const catalog = openedCatalog(dir);
  const runs = new Runs(catalog);
  runs.start(sampleRun('r1'));
  runs.start(sampleRun('r2'));
  return { runs, asking: new RunRequests(openedCatalog(dir)), owner: new RunRequests(catalog) };
}

test('nothing is wanted of a run until somebody asks', () => {
  const { owner } = running();
  expect(owner.wishes('r1')).toEqual(nothing);
  expect(owner.cancelRequested('r1')).toBe(false);
});

test('the owner sees what another process asks, of that run alone', () => {
  const { asking, owner } = running();
  asking.requestContinue('r2');
  asking.requestCancel('r1');
  expect(owner.cancelRequested('r1')).toBe(true);
  expect(owner.wishes('r1')).toEqual({ ...nothing, cancel: true });
  expect(owner.wishes('r2')).toEqual(nothing);
});

test('the last word on pause and limit counts, and a cancel stays', () => {
  const { asking, owner } = running();
  asking.requestPause('r1');
  asking.requestLimit('r1', 1_000_000);
  expect(owner.wishes('r1')).toEqual({ cancel: false, pause: true, limit: { bytesPerSecond: 1_000_000 } });
  asking.requestCancel('r1');
  owner.requestContinue('r1');
  asking.requestLimit('r1', null);
  expect(owner.wishes('r1')).toEqual({ cancel: true, pause: false, limit: { bytesPerSecond: null } });
});

test('nothing can be asked of a run that is unknown or has ended', () => {
  const { runs, asking, owner } = running();
  asking.requestPause('r1');
  runs.save(sampleRun('r1', { outcome: 'succeeded' }));
  expect(owner.wishes('r1')).toEqual(nothing);
  for (const ask of [
    (id: string) => asking.requestCancel(id),
    (id: string) => asking.requestPause(id),
    (id: string) => asking.requestContinue(id),
    (id: string) => asking.requestLimit(id, 1),
  ]) {
    expect(failureOf(() => ask('r1')).code).toBe('not-allowed');
    expect(failureOf(() => ask('r9')).code).toBe('run-unknown');
  }
  expect(owner.wishes('r1')).toEqual(nothing);
});
