import type { IncomingMessage } from 'node:http';
import type { Connect, Plugin } from 'vite';
import { alarmHistory, beginning, deliveries, detail, receivers, silences, summary } from './alarms/held.ts';
import type { Held } from './alarms/held.ts';
import { faultsOf, replay } from './alarms/replay.ts';

/**
 * FOR WORK ON THE PAGE ONLY. Answers the API of alarms from memory: believable alarms of the simulated cluster's
 * entities, evaluated over invented values. Nothing of it is stored, nobody is told.
 */

interface Answer {
  status: number;
  body: unknown;
}

const PATHS = /^\/api\/(?:alarms|alarm-history|silences|receivers|deliveries)(?:\/|$)/;

export function alarms(): Plugin {
  const held = beginning(Date.now());
  const handle: Connect.NextHandleFunction = (request, response, next) => {
    const url = new URL(request.url ?? '/', 'http://fixture');
    if (!PATHS.test(url.pathname)) {
      next();
      return;
    }
    void bodyOf(request).then((text) => {
      const { status, body } = answer(
        held,
        request.method ?? 'GET',
        url,
        text === '' ? {} : JSON.parse(text),
        Date.now(),
      );
      response.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json' });
      response.end(body === null ? undefined : JSON.stringify(body));
    });
  };
  return {
    name: 'alarms',
    configureServer: (server) => {
      server.middlewares.use(handle);
    },
    configurePreviewServer: (server) => {
      server.middlewares.use(handle);
    },
  };
}

/** The answer to one request. Changes what is held. */
export function answer(held: Held, method: string, url: URL, body: unknown, now: number): Answer {
  const [, , what = '', first, second] = url.pathname.split('/').map(decodeURIComponent);
  const params = url.searchParams;
  const given = body as Record<string, unknown>;
  switch (what) {
    case 'alarms':
      if (first === 'replay') {
        const definition = given.definition as Record<string, unknown>;
        const faults = faultsOf(definition);
        if (faults.length > 0) return refused(400, 'The definition is not valid', 'See faults.', faults);
        return ok(replay(definition, moment(given.start, now), moment(given.end, now)));
      }
      if (first === 'check') {
        const definition = given.definition as Record<string, unknown>;
        return ok({ definition, faults: faultsOf(definition) });
      }
      return first === undefined ? list(held, params, now) : one(held, method, first, second, given, now);
    case 'alarm-history':
      return ok({ items: alarmHistory(held, params, now) });
    case 'silences':
      if (method === 'POST') {
        const id = `s${held.silences.length + 1}`;
        held.silences.push({ ...given, id, author: 'page', origin: 'api' });
        return { status: 201, body: { id } };
      }
      if (method === 'DELETE') {
        held.silences = held.silences.filter((silence) => silence.id !== first);
        return { status: 204, body: null };
      }
      return ok({ silences: silences(held, now) });
    case 'receivers':
      if (method === 'POST')
        return ok(
          first === 'pager'
            ? { delivered: false, answer: '503 Service Unavailable', milliseconds: 412 }
            : { delivered: true, answer: '200 OK', milliseconds: 38 },
        );
      return ok({ receivers: receivers(now) });
    default:
      return ok({ deliveries: deliveries(held, params, now) });
  }
}

function list(held: Held, params: URLSearchParams, now: number): Answer {
  const all = held.alarms.map((alarm) => summary(held, alarm, now));
  const count = (state: string) => all.filter((alarm) => alarm.state === state).length;
  const state = params.get('state');
  const prefix = params.get('prefix') ?? '';
  return ok({
    time: new Date(now).toISOString(),
    counts: { ALARM: count('ALARM'), OK: count('OK'), INSUFFICIENT_DATA: count('INSUFFICIENT_DATA') },
    alarms: all.filter((alarm) => (state === null || alarm.state === state) && alarm.name.startsWith(prefix)),
  });
}

function one(
  held: Held,
  method: string,
  name: string,
  what: string | undefined,
  given: Record<string, unknown>,
  now: number,
): Answer {
  const alarm = held.alarms.find((other) => other.name === name);
  if (method === 'PUT') {
    const faults = faultsOf(given);
    if (faults.length > 0) return refused(400, 'The definition is not valid', 'See faults.', faults);
    held.put(name, given, now);
    return { status: alarm ? 200 : 201, body: { name } };
  }
  if (!alarm) return refused(404, 'There is no such alarm', `no alarm is called ${name}`);
  if (method === 'DELETE') {
    if (alarm.origin === 'starter')
      return refused(409, 'It cannot be deleted', 'It is of the starter set: disable it.');
    if (alarm.origin === 'file')
      return refused(409, 'It cannot be deleted', 'It stands in the file of alarms: take it out there.');
    held.alarms = held.alarms.filter((other) => other !== alarm);
    return { status: 204, body: null };
  }
  switch (what) {
    case 'enable':
    case 'disable':
      alarm.definition.ActionsEnabled = what === 'enable';
      return { status: 204, body: null };
    case 'state':
      alarm.set = { state: String(given.StateValue), reason: String(given.StateReason), until: now + 60_000, at: now };
      return { status: 204, body: null };
    default:
      return ok(detail(held, alarm, now));
  }
}

/** RFC 3339, or a length before now such as `-7d`. */
export function moment(given: unknown, now: number): number {
  const text = typeof given === 'string' ? given : 'now';
  const length = /^-(\d+)([smhdw])$/.exec(text);
  if (length) {
    const seconds = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 }[length[2] ?? 's'] ?? 1;
    return now - Number(length[1]) * seconds * 1000;
  }
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? now : ms;
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function refused(status: number, title: string, detail_: string, faults: unknown[] = []): Answer {
  return { status, body: { type: 'about:blank', title, status, detail: detail_, code: 'refused', faults } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
