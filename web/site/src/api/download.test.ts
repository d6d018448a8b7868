import { extractAssets } from 'assets';
import { expect, test } from 'vitest';
import { downloadEvents } from './download';
import { ProblemError, UnreachableError } from './errors';

const never = new AbortController().signal;

/** An API with these pages of events, whose requests fail as the list of errors says, in turn. */
function apiOf(pages: readonly string[], assets: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {}, errors: unknown[] = []) {
  const asked: string[] = [];
  const api = async (path: string): Promise<Response> => {
    asked.push(path);
    const error = errors.shift();
    if (error) throw error;
    const asset = /^\/assets\/(.*)$/.exec(path)?.[1];
    if (asset) return new Response(assets[asset]!);
    const at = Number(new URLSearchParams(path.split('?')[1]).get('cursor') ?? 0);
    return new Response(pages[at]!, { headers: { 'Next-Cursor': `${at + 1}`, 'Has-More': `${at + 1 < pages.length}` } });
  };
  return { api, asked };
}

test('the file has every page, an event that spans two of them whole, and grows as it is told', async () => {
  const { api } = apiOf(['{"n":1}\n', '{"n":', '2}\n{"n":"é"}\n']);
  const told: number[] = [];

  const file = await downloadEvents(api, { recordingId: 'r1' }, { signal: never, onProgress: (bytes) => told.push(bytes) });

  expect(await file.text()).toBe('{"n":1}\n{"n":2}\n{"n":"é"}\n');
  expect(told).toEqual([8, 27]);
});

test('a recording without events is an empty file', async () => {
  const file = await downloadEvents(apiOf(['']).api, { recordingId: 'r1' }, { signal: never, onProgress: () => {} });

  expect(await file.text()).toBe('');
});

test('what was stored apart from its event is put back', async () => {
  const original = '{"src":"data:image/png;base64,aGVsbG8="}';
  const { line, assets } = await extractAssets(original, { minBytes: 1 });
  const { sha256, bytes } = assets[0]!;

  const file = await downloadEvents(apiOf([`${line}\n`], { [sha256]: bytes }).api, { recordingId: 'r1' }, { signal: never, onProgress: () => {} });

  expect(line).not.toBe(original);
  expect(await file.text()).toBe(`${original}\n`);
});

test('a passing failure is tried again, and another one is told', async () => {
  const waited: number[] = [];
  const wait = async (ms: number) => void waited.push(ms);
  const passing = () => new UnreachableError('no network');
  const refusal = new ProblemError(404, 'Not found', '', '', 0);

  const file = await downloadEvents(apiOf(['{}\n'], {}, [passing(), passing()]).api, { recordingId: 'r1' }, { signal: never, onProgress: () => {}, wait });
  const refused = downloadEvents(apiOf(['{}\n'], {}, [refusal]).api, { recordingId: 'r1' }, { signal: never, onProgress: () => {}, wait });
  const given = apiOf(['{}\n'], {}, Array.from({ length: 9 }, passing));
  const lost = downloadEvents(given.api, { recordingId: 'r1' }, { signal: never, onProgress: () => {}, wait });

  await expect(refused).rejects.toBe(refusal);
  await expect(lost).rejects.toBeInstanceOf(UnreachableError);
  expect(await file.text()).toBe('{}\n');
  expect(waited).toEqual([1000, 2000, 1000, 2000, 4000, 8000]);
  expect(given.asked).toHaveLength(5);
});

test('a cancelled download ends, and asks for nothing more', async () => {
  const { api, asked } = apiOf(['{"n":1}\n', '{"n":2}\n']);
  const cancelling = new AbortController();

  const file = downloadEvents(api, { recordingId: 'r1' }, { signal: cancelling.signal, onProgress: () => cancelling.abort() });

  await expect(file).rejects.toMatchObject({ name: 'AbortError' });
  expect(asked).toHaveLength(1);
});
