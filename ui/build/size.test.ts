// @vitest-environment node
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What the issue allows for the first load, compressed. */
const MOST_BYTES = 120_000;

let out = '';

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'page-'));
  await build({ logLevel: 'error', build: { outDir: out, emptyOutDir: true } });
}, 120_000);

afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});

describe('the built page', () => {
  it('loads in less than 120 kB, compressed', () => {
    const html = readFileSync(join(out, 'index.html'), 'utf8');
    const first = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((found) => found[1] ?? '');
    expect(first.some((name) => name.endsWith('.js'))).toBe(true);
    expect(first.some((name) => name.endsWith('.css'))).toBe(true);
    const bytes = ['index.html', ...first].map((name) => readFileSync(join(out, `${name}.br`)).length);
    expect(bytes.reduce((a, b) => a + b, 0)).toBeLessThan(MOST_BYTES);
  });

  it('has every text file in brotli and gzip too, with the same content', () => {
    const names = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(?:html|js|css|svg)$/.test(name),
    );
    expect(names.length).toBeGreaterThanOrEqual(4);
    for (const name of names) {
      const plain = readFileSync(join(out, name));
      expect(brotliDecompressSync(readFileSync(join(out, `${name}.br`))).equals(plain), name).toBe(true);
      expect(gunzipSync(readFileSync(join(out, `${name}.gz`))).equals(plain), name).toBe(true);
    }
  });

  it('has nothing that a strict content security policy forbids, and names no other origin', () => {
    const html = readFileSync(join(out, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    for (const name of readdirSync(join(out, 'assets'))) {
      if (!/\.(?:js|css)$/.test(name)) continue;
      expect(name, 'hashed').toMatch(/-[\w-]{8}\.(?:js|css)$/);
      const text = readFileSync(join(out, 'assets', name), 'utf8');
      // Names of XML namespaces are no addresses; nothing is fetched from them.
      const addresses = [...text.matchAll(/https?:\/\/[\w.-]+/g)]
        .map((found) => found[0])
        .filter((address) => address !== 'http://www.w3.org');
      expect(addresses, name).toEqual([]);
      expect(text, name).not.toMatch(/\beval\(|new Function\(|url\(['"]?data:/);
    }
  });
});
