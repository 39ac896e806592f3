import { expect, test } from 'vitest';
import { chromiumProgram } from '../../src-main/hosts/chromium-program.ts';

test('the program that is named, and one of the machine where nothing is named', () => {
  expect(chromiumProgram({ SITEPAIR_CHROMIUM: '/opt/browser' })).toBe('/opt/browser');
  expect(chromiumProgram({ SITEPAIR_CHROMIUM: '' })).toBe(chromiumProgram({}));
});
