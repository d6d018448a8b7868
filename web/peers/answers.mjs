/** Answers of the servers of other recorders, as far as their clients read them. */
import { gunzipSync } from 'node:zlib';
import { json } from './sink.mjs';

/** @typedef {import('./sink.mjs').Asked} Asked */

/** Kinesis' answer, which the original's API passes on. */
export async function original(/** @type {Asked} */ asked) {
  return json(asked, { SequenceNumber: '49545115243490985018280067714973144582180062593244200961', ShardId: 'shardId-000000000000' });
}

export async function rrwebCloud(/** @type {Asked} */ asked) {
  return json(asked, { ok: true });
}

export async function openReplay(/** @type {Asked} */ asked) {
  if (!asked.path.startsWith('/v1/web/start')) return json(asked, {});
  return json(asked, {
    token: 'a.token.of.the.session',
    userUUID: '3f0c0f5e-6f0b-4b3c-9d5b-0d1f2a3b4c5d',
    projectID: '1',
    sessionID: '7291883221',
    startTimestamp: Date.now(),
    delay: 0,
    beaconSizeLimit: 1_000_000,
    compressionThreshold: 24_000,
    userBrowser: 'Chrome', userCity: '', userCountry: '', userDevice: '', userOS: 'Linux', userState: '',
    canvasEnabled: false, canvasQuality: 'low', canvasFPS: 1, framesSupport: false, assistOnly: false,
  });
}

export async function highlight(/** @type {Asked} */ asked) {
  const { query = '', variables = {} } = graphQl(asked.body);
  const data = query.includes('initializeSession')
    ? { initializeSession: { secure_id: variables['session_secure_id'], project_id: '1' } }
    : query.includes('GetSamplingConfig')
      ? { sampling: { spans: [], logs: [] } }
      : { pushPayload: 1, pushSessionEvents: null, identifySession: variables['session_secure_id'], pushMetrics: 1, addSessionProperties: '' };
  return json(asked, { data });
}

/**
 * @param {Buffer} body
 * @returns {{ query?: string, variables?: Record<string, unknown> }}
 */
function graphQl(body) {
  for (const text of [() => gunzipSync(body).toString(), () => body.toString()]) {
    try {
      return Object(JSON.parse(text()));
    } catch {
      // not gzipped, or not GraphQL
    }
  }
  return {};
}
