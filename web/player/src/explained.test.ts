import { ProblemError, SessionEndedError, UnreachableError } from 'site/src/api/errors';
import { expect, test } from 'vitest';
import { explained } from './explained';

const SITE = { apiUrl: 'https://api.example/v1', siteId: 'shop', recordingId: 'r-1' };
const OWN = { ...SITE, siteId: undefined };
const ORIGIN = 'https://app.example';
const refused = (status: number) => new ProblemError(status, 'Title', 'Detail', 'request-1', 0);

test.each([
  ['a token that the API refuses', new SessionEndedError('x'), SITE, 401, 'The token is not accepted', 'no ID token of the stack’s user pool'],
  ['no answer', new UnreachableError('x'), SITE, 0, 'The API cannot be reached', 'https://api.example/v1 did not respond to a page of https://app.example. Is it the stack’s output apiUrl, and does the stack’s setting allowOrigin'],
  ['a page in place of JSON', new SyntaxError('x'), SITE, 0, 'This is not the API', 'https://api.example/v1 returned something else'],
  ['a user who is no watcher', refused(403), SITE, 403, 'This user cannot watch the site shop', 'the group site-shop'],
  ['no recording of the site', refused(404), SITE, 404, 'There is no such recording', /^It may have expired/],
  ['no recording of the user', refused(404), OWN, 404, 'There is no such recording', /^A recording of a signed-in user opens for that user alone/],
])('%s is explained', (_, error, source, status, title, detail) => {
  const said = explained(error, source, ORIGIN) as ProblemError;

  expect(said).toMatchObject({ status, title, detail: typeof detail === 'string' ? expect.stringContaining(detail) : expect.stringMatching(detail) });
});

test('what the API says of anything else stays as it is', () => {
  const errors = [refused(500), refused(403), new Error('x')];

  expect(errors.map((error) => explained(error, OWN, ORIGIN))).toEqual(errors);
});
