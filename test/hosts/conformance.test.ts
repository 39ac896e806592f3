import { openWindow } from '../../src-main/hosts/chromium/window.ts';
import { describeHost } from './conformance.ts';
import { openElectronPage } from './electron/electron-page.ts';

describeHost({
  host: 'chromium',
  open: async (context, application) => {
    const {
      context: browser,
      page,
      closed,
    } = await openWindow({
      program: '/usr/bin/chromium',
      application,
      headless: true,
      sizePixels: { width: 1280, height: 800 },
    });
    context.onTestFinished(async () => {
      await browser.close();
      await closed;
    });
    return page;
  },
});
describeHost({ host: 'electron', open: openElectronPage });
