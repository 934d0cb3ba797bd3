import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import { entities, metrics, Refusal, sources, status } from './answers.ts';
import { cost } from './cost.ts';
import { ledger, logs, tail } from './logs.ts';
import { sql } from './sql.ts';
import { verdicts } from './verdicts.ts';
import { world } from './world.ts';
import type { Which } from './world.ts';

/**
 * FOR WORK ON THE PAGE ONLY. Answers `/api` from an invented world while no server is at hand (`npm run dev`); the
 * browser tests and everything that ships talk to the real one. With `KANSOKU_URL` set the page is developed against
 * that server instead, and none of this runs.
 */
export function fixture(which: Which): Plugin {
  const things = world(which);
  const handle: Connect.NextHandleFunction = (request, response, next) => {
    const url = new URL(request.url ?? '/', 'http://fixture');
    if (!url.pathname.startsWith('/api/')) {
      next();
      return;
    }
    if (url.pathname === '/api/logs/tail') {
      void bodyOf(request).then((text) => tail(things, JSON.parse(text) as Parameters<typeof tail>[1], response));
      return;
    }
    answer(url, request).then(
      (body) => send(response, 200, 'application/json', body),
      (fault: unknown) => {
        const refusal = fault instanceof Refusal ? fault : new Refusal(500, 'internal', String(fault));
        send(response, refusal.status, 'application/problem+json', {
          type: 'about:blank',
          title: 'The request is not valid',
          status: refusal.status,
          detail: refusal.detail,
          code: refusal.code,
          ...(refusal.position ? { position: refusal.position } : {}),
        });
      },
    );
  };

  async function answer(url: URL, request: IncomingMessage): Promise<unknown> {
    const now = Date.now() / 1000;
    const type = /^\/api\/entities\/(\w+)$/.exec(url.pathname)?.[1];
    if (type !== undefined) return entities(things, type, url.searchParams, now);
    switch (url.pathname) {
      case '/api/metrics':
        return metrics(things, JSON.parse(await bodyOf(request)) as Parameters<typeof metrics>[1], now);
      case '/api/logs':
        return logs(things, JSON.parse(await bodyOf(request)) as Parameters<typeof logs>[1]);
      case '/api/logs/ledger':
        return ledger(things, JSON.parse(await bodyOf(request)) as Parameters<typeof ledger>[1]);
      case '/api/sources':
        return sources(things, now);
      case '/api/cost':
        return cost(things, url.searchParams, now);
      case '/api/verdicts':
        return verdicts(things, url.searchParams, now);
      case '/api/sql':
        return sql(JSON.parse(await bodyOf(request)) as Parameters<typeof sql>[0], things);
      case '/api/status':
        return status(now);
      default:
        throw new Refusal(404, 'not_found', `the fixture has no ${url.pathname}`);
    }
  }

  return {
    name: 'fixture',
    configureServer: (server) => {
      server.middlewares.use(handle);
    },
    configurePreviewServer: (server) => {
      server.middlewares.use((_request, response, next) => {
        response.setHeader(
          'Content-Security-Policy',
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        );
        next();
      });
      server.middlewares.use(handle);
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, code: number, type: string, body: unknown): void {
  response.writeHead(code, { 'Content-Type': type });
  response.end(JSON.stringify(body));
}
