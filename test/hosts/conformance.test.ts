import { chromiumPage } from '../support/chromium-window.ts';
import { describeHost } from './conformance.ts';
import { openElectronPage } from './electron/electron-page.ts';

describeHost({ host: 'chromium', open: chromiumPage });
describeHost({ host: 'electron', open: openElectronPage });
