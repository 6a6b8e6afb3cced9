#!/usr/bin/env node
// Firefox as Playwright starts and speaks to it, by WebDriver BiDi. Playwright sends commands that the Firefox of Debian does
// not know yet; those that only set what is the default anyway are answered here, all others go through.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { WebSocket, WebSocketServer } from 'ws';
import { firefoxPath } from './browser.mjs';

/** Colour scheme, contrast and motion as pages are told of them: no test of this browser sets them. */
const UNKNOWN = new Set(['emulation.setMediaFeaturesOverride']);
const LISTENING = /^(.*WebDriver BiDi listening on )(ws:\/\/\S+)$/;

const firefox = spawn(firefoxPath, process.argv.slice(2), { stdio: ['inherit', 'inherit', 'pipe'] });
firefox.on('exit', (code) => process.exit(code ?? 1));
createInterface(firefox.stderr).on('line', (line) => {
  const [, words, address] = LISTENING.exec(line) ?? [];
  if (!address) {
    console.error(line);
    return;
  }
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (client, request) => relay(client, new WebSocket(address + request.url)));
  // Playwright reads from here where to connect to.
  server.on('listening', () => console.error(`${words}ws://127.0.0.1:${server.address().port}`));
});

function relay(client, browser) {
  const early = [];
  client.on('message', (data) => {
    const text = data.toString();
    const { id, method } = JSON.parse(text);
    if (UNKNOWN.has(method)) client.send(JSON.stringify({ type: 'success', id, result: {} }));
    else if (browser.readyState === WebSocket.OPEN) browser.send(text);
    else early.push(text);
  });
  browser.on('open', () => early.splice(0).forEach((text) => browser.send(text)));
  browser.on('message', (data) => client.send(data.toString()));
  browser.on('close', () => client.close());
  browser.on('error', (error) => console.error(error));
  client.on('close', () => browser.close());
}
