// Runs the code of a CloudFront function for sandbox/website/edge_function.py. In: lines of JSON,
// first {"code": …}, then events. Out: for each a line of JSON, {"ok": …} or {"error": …}.
const { createInterface } = require('node:readline');
const { createContext, runInContext } = require('node:vm');

// As at the edge: no timers, no network, no file system, no modules.
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
  let output;
  try {
    output = { ok: answer(line) };
  } catch (error) {
    output = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(output)}\n`);
});
