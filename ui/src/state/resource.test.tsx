// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../api/problem';
import { useResource } from './resource';
import type { Resource } from './resource';

interface Load {
  signal: AbortSignal;
  resolve: (value: string) => void;
  reject: (reason: unknown) => void;
}

let host: HTMLElement;
let loads: Load[] = [];
let seen: Resource<string> | null = null;

function Probe({ subject, edition }: { subject: string | null; edition: number }) {
  seen = useResource(
    subject,
    edition,
    (signal) => new Promise<string>((resolve, reject) => loads.push({ signal, resolve, reject })),
  );
  return null;
}

const show = (subject: string | null, edition: number) =>
  act(() => render(<Probe subject={subject} edition={edition} />, host));
const settle = (change: () => void) =>
  act(async () => {
    change();
    await Promise.resolve();
    await Promise.resolve();
  });

beforeEach(() => {
  loads = [];
  host = document.createElement('div');
});
afterEach(() => {
  void act(() => render(null, host));
});

describe('useResource', () => {
  it('keeps old data while newer ones come', async () => {
    await show('a', 1);
    await settle(() => loads[0]?.resolve('one'));
    expect(seen).toMatchObject({ data: 'one', loading: false, outdated: false });
    await show('a', 2);
    expect(seen).toMatchObject({ data: 'one', loading: true, outdated: false });
    await settle(() => loads[1]?.resolve('two'));
    expect(seen).toMatchObject({ data: 'two', loading: false });
  });

  it('lets a slow answer arrive instead of giving it up at every tick, then asks again once', async () => {
    await show('a', 1);
    await show('a', 2);
    await show('a', 3);
    expect(loads.length).toBe(1);
    expect(loads[0]?.signal.aborted).toBe(false);
    await settle(() => loads[0]?.resolve('slow'));
    expect(seen?.data).toBe('slow');
    expect(loads.length).toBe(2);
  });

  it('gives up the request under way when the subject changes, and marks the old data', async () => {
    await show('a', 1);
    await settle(() => loads[0]?.resolve('one'));
    await show('b', 1);
    await show('c', 1);
    expect(loads[1]?.signal.aborted).toBe(true);
    expect(seen).toMatchObject({ data: 'one', outdated: true, loading: true });
    await settle(() => loads[1]?.resolve('late'));
    expect(seen?.data).toBe('one');
    await settle(() => loads[2]?.resolve('three'));
    expect(seen).toMatchObject({ data: 'three', outdated: false });
  });

  it('shows a refusal beside the old data', async () => {
    await show('a', 1);
    await settle(() => loads[0]?.resolve('one'));
    await show('a', 2);
    await settle(() => loads[1]?.reject(new Problem('no such column', 'Bad', 400, 'unknown_column')));
    expect(seen).toMatchObject({ data: 'one', loading: false, problem: { detail: 'no such column' } });
  });

  it('loads nothing without a subject', async () => {
    await show(null, 1);
    expect(loads.length).toBe(0);
    expect(seen).toMatchObject({ data: null, loading: false });
  });
});
