import { defineConfig } from '@playwright/test';
import machine from './playwright.config';

/**
 * The page of a real cluster: of the server at `KANSOKU_URL`, beside what kubectl says of the cluster that `KUBECONFIG`
 * leads to. `tests/tests/kubernetes/page.rs` runs it.
 */
export default defineConfig(machine, { testDir: 'tests/kubernetes', testIgnore: [] });
