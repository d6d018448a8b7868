// Runs the code of a CloudFront function for sandbox/website/edge_function.py: a line of JSON in,
// {"code": …} first and an event each time after; a line of JSON out, {"ok": …} or {"error": …}.
const { createInterface } = require('node:readline');
const { createContext, runInContext } = require('node:vm');

// As bare as there: no timers, no network, no file system, no module.
const globals = createContext({ console: { log() {} } });
let loaded = false;

function answer(line) {
  const given = JSON.parse(line);
  if (!loaded) {
    runInContext(given.code, globals, { timeout: 1000 });
    loaded = true;
    return null;
  }
  globals.given = line;
  return JSON.parse(runInContext('JSON.stringify(handler(JSON.parse(given)))', globals, { timeout: 1000 }));
}

createInterface({ input: process.stdin }).on('line', (line) => {
  let said;
  try {
    said = { ok: answer(line) };
  } catch (error) {
    said = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
});
