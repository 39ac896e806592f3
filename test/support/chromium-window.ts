/** A window of the system's Chromium as tests open it: without a screen, 1280 by 800. */
import type { Page } from 'playwright-core';
import type { TestContext } from 'vitest';
import type { Application } from '../../src-main/contract/contract.ts';
import { openWindow, type OpenedWindow } from '../../src-main/hosts/chromium/window.ts';

export function openChromium(application: Application, say?: (line: string) => void): Promise<OpenedWindow> {
  const sizePixels = { width: 1280, height: 800 };
  return openWindow({ program: '/usr/bin/chromium', application, headless: true, sizePixels, ...(say && { say }) });
}

/** The same until the test ends. */
export async function chromiumPage(test: TestContext, application: Application): Promise<Page> {
  const { context, page, closed } = await openChromium(application);
  test.onTestFinished(async () => {
    await context.close();
    await closed;
  });
  return page;
}
