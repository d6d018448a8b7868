/** rrweb alone, which gathers its events and sends none. */
import { record } from '@rrweb/record';

/** @type {unknown[]} */
const events = [];
record({ emit: (event) => void events.push(event) });
