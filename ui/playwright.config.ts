import { defineConfig } from '@playwright/test';

/**
 * The browser tests drive the real server with the real data of this machine: see tests/server.ts for where it comes
 * from. The browser is the system's Chromium, so nothing is downloaded.
 */
export default defineConfig({
  testDir: 'tests',
  testMatch: '*.spec.ts',
  testIgnore: 'kubernetes/**',
  globalSetup: './tests/server.ts',
  outputDir: 'test-results/runs',
  reporter: [['list']],
  workers: 1,
  // Real servers and a browser on a busy machine are late once in a while; what fails twice is broken, and what failed
  // once is listed as flaky.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env.CI !== undefined,
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.KANSOKU_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    },
  },
});
