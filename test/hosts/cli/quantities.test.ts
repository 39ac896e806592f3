import { describe, expect, it } from 'vitest';
import { parseCount, parseDuration, parseRate, parseSize } from '../../../src-main/hosts/cli/quantities.ts';
import { SitepairError } from '../../../src-main/contract/errors.ts';
import { formatBytes, formatSeconds } from '../../../src-main/contract/figures.ts';

function errorOf(work: () => unknown): SitepairError['report'] {
  try {
    work();
  } catch (error) {
    if (error instanceof SitepairError) return error.report;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('sizes', () => {
  it.each([
    ['0', 0],
    ['262144', 262_144],
    ['256K', 262_144],
    ['256k', 262_144],
    ['64M', 67_108_864],
    ['1G', 1_073_741_824],
    ['10GiB', 10_737_418_240],
    ['10GB', 10_737_418_240],
    ['1.5G', 1_610_612_736],
    ['2 TiB', 2_199_023_255_552],
    ['7B', 7],
  ])('reads %s as %d bytes', (text, bytes) => {
    expect(parseSize(text, '--size')).toBe(bytes);
  });

  it.each(['', 'M', '-1', '1X', '1e9', '0.3', '1KK', '9999999999P', '64 M B', '0x10'])('refuses %j', (text) => {
    const report = errorOf(() => parseSize(text, '--size'));
    expect(report).toMatchObject({ code: 'invalid-input', where: '--size' });
    expect(report.message).toContain(text);
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [67_108_864, '64 MiB'],
    [19_649_266_483, '18.3 GiB'],
    [137_438_953_472, '128 GiB'],
    [2_199_023_255_552, '2 TiB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('rates', () => {
  it.each([
    ['200M/s', 209_715_200],
    ['200MiB/s', 209_715_200],
    ['1G', 1_073_741_824],
    ['none', null],
    ['None', null],
  ])('reads %s', (text, rate) => {
    expect(parseRate(text, '--limit')).toBe(rate);
  });

  it.each(['', '0', '0M/s', 'fast', '200M/h', '/s'])('refuses %j', (text) => {
    expect(errorOf(() => parseRate(text, '--limit'))).toMatchObject({ code: 'invalid-input', where: '--limit' });
  });
});

describe('durations', () => {
  it.each([
    ['30s', 30],
    ['15m', 900],
    ['2h', 7200],
    ['1d', 86_400],
    ['1h30m', 5400],
    ['15M', 900],
  ])('reads %s as %d s', (text, seconds) => {
    expect(parseDuration(text, '--rpo')).toBe(seconds);
  });

  it.each(['', '15', '0m', '-5m', '1.5h', 'm', '5 m', '5w', '99999999999999999d'])('refuses %j', (text) => {
    expect(errorOf(() => parseDuration(text, '--rpo'))).toMatchObject({ code: 'invalid-input', where: '--rpo' });
  });

  it.each([
    [0.321, '0.32 s'],
    [3.21, '3.2 s'],
    [42, '42 s'],
    [59.7, '1 min'],
    [192, '3 min 12 s'],
    [7500, '2 h 5 min'],
    [3599.8, '1 h'],
    [273_600, '3 d 4 h'],
  ])('writes %d s as %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});

describe('counts', () => {
  it('reads whole numbers within their range', () => {
    expect(parseCount('24', '--keep-points', 1, 1000)).toBe(24);
  });

  it.each(['', '0', '1001', '2.5', '1e2', 'many'])('refuses %j', (text) => {
    const report = errorOf(() => parseCount(text, '--keep-points', 1, 1000));
    expect(report).toMatchObject({ code: 'invalid-input', where: '--keep-points' });
    expect(report.remedy).toContain('1 to 1000');
  });
});
