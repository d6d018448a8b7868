import type { Cleaner } from './cleaner';
import { ERROR_TAG } from './report-names';
import { cut } from './well-formed';

/** Further ones of a page are only counted. */
const MAX_ERRORS = 50;
const MAX_MESSAGE = 1_000;
const MAX_STACK = 4_000;
/** What is hidden may not be cut before it is found. */
const MAX_READ = 9_000;
/** A line of a stack that says where. In Chromium the message stands before those, and may end in a time. */
const FRAME = /^(?:\s+at .*|[^:]*@\S+):\d+:\d+\)?$/;

/** Make a function that emits an error of the page, given the event that tells of it. */
export function createErrorTeller({ text, place, address }: Cleaner, emit: (type: 5, data: object) => void) {
  let errors = 0;
  return ({ message, filename, lineno, colno, error, reason }: Partial<ErrorEvent & PromiseRejectionEvent>): void => {
    if ((errors += 1) > MAX_ERRORS) return;
    const { stack, message: said } = Object(error ?? reason) as Error;
    const frames = String(stack ?? '').replace(`: ${said}`, '').split('\n').filter((line) => FRAME.test(line)).join('\n');
    const payload = {
      kind: filename === undefined ? 'unhandledrejection' : 'error',
      message: cut(text(cut(message ?? String(reason), MAX_READ)), MAX_MESSAGE),
      source: filename && address(filename),
      line: lineno,
      column: colno,
      stack: cut(place(cut(frames, MAX_READ)), MAX_STACK),
    };
    emit(5, { tag: ERROR_TAG, payload });
  };
}
