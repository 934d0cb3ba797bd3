import { defineConfig } from 'vitest/config';
import { precompress } from './build/precompress.ts';
import { alarms } from './dev/alarms.ts';
import { fixture } from './dev/fixture.ts';
import type { Which } from './dev/world.ts';

/** With a server's address the page is developed against it; without, against an invented world. */
const server = process.env.KANSOKU_URL;

/** Alarms are invented too where there is no server, or where one without them is developed against. */
const inventedAlarms = server === undefined || process.env.KANSOKU_ALARMS === 'invented';

export default defineConfig({
  base: '/',
  plugins: [
    precompress(),
    ...(inventedAlarms ? [alarms()] : []),
    ...(server === undefined ? [fixture((process.env.KANSOKU_FIXTURE ?? 'one') as Which)] : []),
  ],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: server === undefined ? {} : { proxy: { '/api': server, '^/metrics$': server } },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}', 'build/**/*.test.ts', 'dev/**/*.test.ts'] },
});
