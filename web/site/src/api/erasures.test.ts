import { expect, test } from 'vitest';
import { getErasure, startErasure } from './erasures';
import { ProblemError } from './errors';

const { signal } = new AbortController();
const failing = (status: number) => () => Promise.reject(new ProblemError(status, 'Title', '', '', 0));

test('an erasure is asked for, and looked up, at the address of its recording or visitor', async () => {
  const asked: string[] = [];
  const api = async (path: string, request: RequestInit = {}) => {
    asked.push(`${request.method ?? 'GET'} ${path}`);
    return Response.json({ executionId: 'e' });
  };
  const answers = [await startErasure(api, { recordingId: 'r/1' }), await startErasure(api, { visitorId: 'v 1' })];
  await getErasure(api, { recordingId: 'r/1' }, signal);
  await getErasure(api, { visitorId: 'v 1' }, signal);

  expect(answers).toEqual([{ executionId: 'e' }, { executionId: 'e' }]);
  expect(asked).toEqual(['DELETE /recordings/r%2F1', 'DELETE /visitors/v%201', 'GET /recordings/r%2F1/erasure', 'GET /visitors/v%201/erasure']);
});

test('the API knows no erasure if it answers 404, and any other error is one', async () => {
  expect(await getErasure(failing(404), { recordingId: 'r' }, signal)).toBeUndefined();
  await expect(getErasure(failing(403), { recordingId: 'r' }, signal)).rejects.toThrow('Title');
});
