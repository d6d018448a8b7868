import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Asset, extractAssets, MAX_ASSET_BYTES } from './extract';
import { restoreAssets } from './restore';

const HASH = 'ab'.repeat(32);

function pixels(size: number, seed = 1): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, at) => (at * 31 + seed * 97 + (at >> 8)) & 0xff);
}

function dataUrl(bytes: Uint8Array, mediaType = 'image/png'): string {
  return `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;
}

function from(assets: readonly Asset[]) {
  return async (sha256: string) => assets.find((asset) => asset.sha256 === sha256)?.bytes;
}

async function roundTrip(line: string, minBytes = 1): Promise<readonly Asset[]> {
  const { line: short, assets } = await extractAssets(line, { minBytes });
  expect(await restoreAssets(short, from(assets))).toEqual({ line, missing: [] });
  return assets;
}

describe('extractAssets', () => {
  it('takes an image out of an attribute and leaves a reference', async () => {
    const event = { type: 2, data: { node: { attributes: { src: dataUrl(pixels(100)) } } }, timestamp: 1 };

    const { line, assets } = await extractAssets(JSON.stringify(event), { minBytes: 100 });

    expect(assets.map(({ mediaType, bytes }) => [mediaType, bytes])).toEqual([['image/png', pixels(100)]]);
    expect(JSON.parse(line).data.node.attributes.src).toBe(`data:image/png;base64,rrweb-asset:${assets[0]!.sha256}`);
  });

  it('takes every image and font out of a style sheet', async () => {
    const css = `a{background:url(${dataUrl(pixels(90, 1))})}@font-face{src:url("${dataUrl(pixels(91, 2), 'font/woff2')}")}`;

    const assets = await roundTrip(JSON.stringify({ _cssText: css }));

    expect(assets.map(({ mediaType, bytes }) => [mediaType, bytes.length])).toEqual([
      ['image/png', 90],
      ['font/woff2', 91],
    ]);
  });

  it('takes a font that a script made from bytes', async () => {
    const data = { source: 10, family: 'F', fontSource: JSON.stringify([...pixels(300)]), buffer: true };

    const [font] = await roundTrip(JSON.stringify({ type: 3, data, timestamp: 1 }));

    expect(font).toMatchObject({ mediaType: 'application/octet-stream', bytes: pixels(300) });
  });

  it('puts a font back into JSON with whitespace between its tokens', async () => {
    const fontSource = JSON.stringify([...pixels(300)]);
    const { line, assets } = await extractAssets(JSON.stringify({ data: { fontSource } }), { minBytes: 1 });
    const spaced = line.replaceAll(':{', ' : {').replace('"fontSource":', '"fontSource" : ');

    expect(JSON.parse((await restoreAssets(spaced, from(assets))).line)).toEqual({ data: { fontSource } });
  });

  it('returns an asset once though it stands twice', async () => {
    const assets = await roundTrip(JSON.stringify([dataUrl(pixels(80)), dataUrl(pixels(80))]));

    expect(assets).toHaveLength(1);
  });

  it.each([
    ['too small', dataUrl(pixels(99))],
    ['not exactly as it would be written again', dataUrl(pixels(100)).replace(/=*$/, '')],
    ['no base64 at all', `data:image/png;base64,${'%41'.repeat(100)}`],
    ['without a type', dataUrl(pixels(100), '')],
    ['no data URL', `;base64,${'AAAA'.repeat(100)}`],
  ])('leaves data that is %s', async (_, text) => {
    const line = JSON.stringify({ text });

    expect(await extractAssets(line, { minBytes: 100 })).toEqual({ line, assets: [] });
  });

  it('leaves an asset that is larger than the API takes', async () => {
    expect(await roundTrip(dataUrl(new Uint8Array(MAX_ASSET_BYTES + 1)))).toEqual([]);
    expect(await roundTrip(dataUrl(new Uint8Array(MAX_ASSET_BYTES)))).toHaveLength(1);
  }, 60_000);

  it('takes nothing without a digest, and its line is restored all the same', async () => {
    const line = JSON.stringify([dataUrl(pixels(100)), 'rrweb-asset:', `rrweb-asset:${HASH}`]);

    const { line: same, assets } = await extractAssets(line, { minBytes: 1, digest: null });

    expect(assets).toEqual([]);
    expect((await restoreAssets(same, from([]))).line).toBe(line);
  });

  it.each([
    'rrweb-asset:',
    'rrweb-asset::',
    `rrweb-asset:${HASH}`,
    `rrweb-asset::::${HASH}`,
    `data:image/png;base64,rrweb-asset:${HASH}`,
    'rrweb-asset:rrweb-asset:',
    `${dataUrl(pixels(1))}${HASH}`,
    `${dataUrl(pixels(100))}:rrweb-asset:`,
  ])('restores a reference that the page wrote itself: %s', async (text) => {
    await roundTrip(JSON.stringify({ [text]: text }));
  });

  it('changes nothing about a real session', async () => {
    const session = readFileSync(new URL('../../../tests/data/session.ndjson', import.meta.url), 'utf8');

    await roundTrip(session);
  });

  it('restores any line', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => dataUrl(bytes)),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => `"fontSource":"[${bytes.join(',')}]"`),
      fc.constantFrom('rrweb-asset:', ':', HASH, ';base64,', '"fontSource":"', 'data:image/png', '=', '[', '"'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.integer({ min: 0, max: 20 }), async (pieces, minBytes) => {
        await roundTrip(pieces.join(''), minBytes);
      }),
      { numRuns: 2_000 },
    );
  }, 60_000);
});

describe('restoreAssets', () => {
  it('leaves a reference to an asset that is not stored, and names it', async () => {
    const line = `"data:image/png;base64,rrweb-asset:${HASH}"`;

    expect(await restoreAssets(line, from([]))).toEqual({ line, missing: [HASH] });
  });

  it('uses no bytes with another hash', async () => {
    const line = `"data:image/png;base64,rrweb-asset:${HASH}"`;

    expect(await restoreAssets(line, async () => pixels(10))).toEqual({ line, missing: [HASH] });
  });

  it('asks for each asset once', async () => {
    const { line, assets } = await extractAssets(JSON.stringify([dataUrl(pixels(9)), dataUrl(pixels(9))]), { minBytes: 1 });
    const asked: string[] = [];

    await restoreAssets(line, async (sha256) => {
      asked.push(sha256);
      return assets[0]!.bytes;
    });

    expect(asked).toEqual([assets[0]!.sha256]);
  });
});
