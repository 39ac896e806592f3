import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatAge, formatClock, formatMoment } from '../../../src-main/hosts/cli/times.ts';

describe('moments', () => {
  beforeEach(() => {
    vi.stubEnv('TZ', 'Europe/Paris');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const now = new Date('2031-05-04T12:05:40.000Z');

  it('stand in the local zone with their offset and age', () => {
    expect(formatMoment('2031-05-04T12:02:31.000Z', now)).toBe('14:02:31 +02:00, 3 min ago');
  });

  it('have the date where it is not today', () => {
    expect(formatMoment('2031-05-03T12:02:31.000Z', now)).toBe('2031-05-03 14:02:31 +02:00, 24 h ago');
    // Already tomorrow in Paris, and still winter time in January.
    expect(formatClock('2031-01-03T23:30:00.000Z', now)).toBe('2031-01-04 00:30:00 +01:00');
  });

  it('have offsets west of Greenwich and of half an hour', () => {
    vi.stubEnv('TZ', 'America/St_Johns');
    expect(formatClock('2031-05-04T12:02:31.000Z', now)).toBe('09:32:31 -02:30');
  });

  it.each([
    ['2031-05-04T12:05:40.000Z', '0 s ago'],
    ['2031-05-04T12:05:00.000Z', '40 s ago'],
    ['2031-05-04T07:05:40.000Z', '5 h ago'],
    ['2031-04-29T12:05:40.000Z', '5 d ago'],
    ['2031-05-04T12:08:50.000Z', 'in 3 min'],
  ])('%s was or is %s', (iso, age) => {
    expect(formatAge(iso, now)).toBe(age);
  });
});
